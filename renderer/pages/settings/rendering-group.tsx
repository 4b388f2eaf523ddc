import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { ChoiceSetting, SettingRow } from './setting-row.tsx';

/** Which road draws 3D, why, and the way to force it. */
export function RenderingGroup() {
  const t = useT();
  const trial = useApp((state) => state.settings.gpuTrial);
  return (
    <div className="card">
      <ChoiceSetting setting="renderer" />
      <SettingRow name={t('settings.trial')} hint={t('settings.trialHint')}>
        {trial ? (
          <div className="row set-gap">
            <Tag tone={trial.road === 'gpu' ? 'ok' : 'acc'}>
              {t(trial.road === 'gpu' ? 'strip.gpu' : 'strip.cpu')}
            </Tag>
            <span className="cap">
              {t('settings.tried', { when: formatMoment(momentOf(new Date(trial.atMs))) })}
            </span>
          </div>
        ) : (
          <span className="dim">{t('settings.trialNone')}</span>
        )}
      </SettingRow>
      {trial && (
        <>
          <div className="st">
            <div className="t set-label">{t('settings.device')}</div>
            <div className="grow selectable dim">{trial.device}</div>
          </div>
          <div className="st">
            <div className="t set-label">{t('settings.reason')}</div>
            <div className="grow selectable dim">{trial.reason}</div>
            <Button size="small" onClick={() => changeSettings({ gpuTrial: null })}>
              {t('settings.trialAgain')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
