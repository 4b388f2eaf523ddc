import { problem } from '../../../core/base/problem.ts';
import { problemTable } from '../../../core/base/problem-table.ts';
import type { Settings } from '../../../core/contract/settings.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useApp } from '../../app/app-store.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { changeSettings } from '../../app/settings-sync.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { roadOf } from '../reading/volume/volume-road.ts';
import { ChoiceSetting, SettingRow } from './setting-row.tsx';

const isCode = (reason: string): reason is keyof typeof problemTable => Object.hasOwn(problemTable, reason);

/** Why 3D is drawn as it is, in a sentence of the interface's language. */
function useReason(trial: Settings['gpuTrial'], renderer: Settings['renderer']): string {
  const t = useT();
  const language = useLanguage();
  if (renderer !== 'auto') return t('settings.reasonChosen');
  if (!trial) return t('settings.trialNone');
  if (isCode(trial.reason)) return problemText(language, problem(trial.reason)).sentence;
  if (trial.tookMs === undefined) return t('settings.reasonGood');
  return t('settings.reasonGoodMs', { n: String(Math.round(trial.tookMs)) });
}

/** Which road draws 3D, why, and the way to force it. */
export function RenderingGroup() {
  const t = useT();
  const trial = useApp((state) => state.settings.gpuTrial);
  const renderer = useApp((state) => state.settings.renderer);
  const road = roadOf({ renderer, gpuTrial: trial });
  const reason = useReason(trial, renderer);
  return (
    <div className="card">
      <ChoiceSetting setting="renderer" />
      <div className="st" data-road={road}>
        <div className="t set-label">{t('settings.nowDraws')}</div>
        <Tag tone={road === 'gpu' ? 'ok' : 'acc'}>{t(road === 'gpu' ? 'strip.gpu' : 'strip.cpu')}</Tag>
        <div className="grow selectable dim">{reason}</div>
      </div>
      <SettingRow name={t('settings.trial')} hint={t('settings.trialHint')}>
        {trial ? (
          <div className="row set-gap">
            <span className="cap">
              {t('settings.tried', { when: formatMoment(momentOf(new Date(trial.atMs))) })}
            </span>
            <Button size="small" onClick={() => changeSettings({ gpuTrial: null })}>
              {t('settings.trialAgain')}
            </Button>
          </div>
        ) : (
          <span className="dim">{t('settings.trialNone')}</span>
        )}
      </SettingRow>
      {trial && (
        <div className="st">
          <div className="t set-label">{t('settings.device')}</div>
          <div className="grow selectable dim">{trial.device}</div>
        </div>
      )}
    </div>
  );
}
