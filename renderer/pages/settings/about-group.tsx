import { Check, CircleX, RefreshCw, TriangleAlert } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, Tag } from '../../ui/controls.tsx';
import { SettingRow } from './setting-row.tsx';

type DoctorCheck = CallOutput<'app.doctor'>[number];
const looks = {
  ok: { tone: 'ok', icon: Check },
  warn: { tone: 'warn', icon: TriangleAlert },
  bad: { tone: 'danger', icon: CircleX },
} as const;

/** Version, machine, and the doctor: what is fine, what is not, what to do. */
export function AboutGroup() {
  const t = useT();
  const info = useApp((state) => state.info);
  return (
    <>
      <div className="card">
        <SettingRow name={`Candela ${info?.version ?? ''}`} hint={t('settings.versionHint')}>
          {info && <Tag>{t(`settings.shell.${info.shell}`)}</Tag>}
        </SettingRow>
        {info && (
          <div className="st">
            <div className="t set-label">{t('settings.machine')}</div>
            <div className="grow selectable dim">
              {t('settings.machineLine', {
                platform: info.platform,
                cores: info.cores,
                memory: formatBytes(info.memoryBytes),
                node: info.nodeVersion,
              })}
            </div>
          </div>
        )}
        <div className="st">
          <div className="t set-label">{t('settings.fonts')}</div>
          <div className="grow dim">{t('settings.fontsHint')}</div>
        </div>
        <div className="st">
          <div className="t set-label">{t('settings.notDiagnosis')}</div>
          <div className="grow dim">{t('settings.notDiagnosisHint')}</div>
        </div>
      </div>
      <Doctor />
    </>
  );
}

function Doctor() {
  const t = useT();
  const isChinese = useLanguage() === 'zh-CN';
  const [checks, setChecks] = useState<readonly DoctorCheck[] | null>(null);
  const read = useCallback(async () => {
    setChecks(null);
    const result = await client().call('app.doctor', {});
    if (result.ok) setChecks(result.value);
    else showProblem(result.problem);
  }, []);
  useEffect(() => void read(), [read]);
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('settings.doctor')}</h2>
        <Button size="small" icon={RefreshCw} onClick={() => void read()}>
          {t('settings.doctorAgain')}
        </Button>
      </div>
      {checks === null && <i className="spinner set-pad" />}
      {checks?.map((check) => (
        <div key={check.id} className="st">
          <div className="grow">
            <div className="set-check">{isChinese ? check.zh : check.en}</div>
            {check.state !== 'ok' && <div className="d">{isChinese ? check.adviceZh : check.adviceEn}</div>}
          </div>
          <Tag tone={looks[check.state].tone} icon={looks[check.state].icon}>
            {t(`settings.doctor.${check.state}`)}
          </Tag>
        </div>
      ))}
    </div>
  );
}
