import { CornerDownLeft, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Problem } from '../../../../core/base/problem.ts';
import type { RemoteSeries, RemoteStudy } from '../../../../core/contract/remote.ts';
import { formatDicomDate, formatDicomTime } from '../../../../core/terms/format-date.ts';
import { formatName, formatSex } from '../../../../core/terms/format-person.ts';
import { formatNumber } from '../../../../core/terms/term.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { client } from '../../../app/client.ts';
import { isFinished } from '../../../app/jobs.ts';
import { useLanguage, useT } from '../../../app/language.ts';
import { Button } from '../../../ui/controls.tsx';
import { readLocal, retrieve, retrieveAndRead } from './remote-actions.ts';
import { useRemote } from './remote-store.ts';
import { Retrieval, useRetrieval } from './retrieval.tsx';

/** The right panel for another station's studies: who it is, its series, and how to get it. */
export function RemotePreview() {
  const t = useT();
  const studies = useRemote((state) => state.studies);
  const selected = useRemote((state) => state.selected);
  const rows = [...selected].map((index) => studies[index]).filter((row) => row !== undefined);
  const [first] = rows;
  return (
    <aside className="pv" aria-label={t('studies.preview')}>
      {!first && <p className="pv-none">{t('remote.nothingSelected')}</p>}
      {first && rows.length === 1 && <One key={first.studyInstanceUID} study={first} />}
      {rows.length > 1 && (
        <div className="remote-pv">
          <h2>{t('remote.selected', { n: rows.length })}</h2>
          <Button tone="primary" icon={Download} onClick={() => void retrieve(rows)}>
            {t('remote.retrieve')}
          </Button>
        </div>
      )}
    </aside>
  );
}

function One({ study }: { readonly study: RemoteStudy }) {
  const t = useT();
  const language = useLanguage();
  const series = useSeries(study.studyInstanceUID);
  const job = useRetrieval(study.studyInstanceUID);
  const isComing = job !== undefined && !isFinished(job);
  const { localStudyKey, instances, localInstances } = study;
  const missing = instances === null ? 0 : instances - localInstances;
  const isPart = localStudyKey !== null && localInstances > 0 && missing > 0;
  const facts = [
    study.patientId,
    formatSex(language, study.sex),
    formatDicomDate(study.birthDate),
    study.accessionNumber,
    study.institution,
  ].filter(Boolean);
  return (
    <div className="remote-pv">
      <h2>{formatName(study.patientName) || t('studies.noName')}</h2>
      <p className="dim">{facts.join(' · ')}</p>
      <p>
        <b>{study.description}</b>
      </p>
      <p className="dim">
        {[
          `${formatDicomDate(study.studyDate)} ${formatDicomTime(study.studyTime)}`.trim(),
          study.modalities.join(' '),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div className="row remote-acts">
        <Button tone="primary" icon={Download} disabled={isComing} onClick={() => void retrieve([study])}>
          {isPart ? t('remote.retrieveRest', { n: missing }) : t('remote.retrieve')}
        </Button>
        <Button icon={CornerDownLeft} onClick={() => void retrieveAndRead(study)}>
          {t('remote.retrieveAndRead')}
        </Button>
      </div>
      {job && <Retrieval job={job} />}
      {localStudyKey !== null && (
        <p className="cap">
          {t('remote.someHere', { n: study.localInstances })}{' '}
          <Button size="small" tone="quiet" onClick={() => void readLocal(localStudyKey)}>
            {t('remote.readLocal')}
          </Button>
        </p>
      )}
      <SeriesRows series={series} />
    </div>
  );
}

type Loaded = readonly RemoteSeries[] | 'running' | { readonly failed: Problem };

/** Asked for a moment after the selection rests: not for each row that an arrow key passes. */
function useSeries(studyInstanceUID: string): Loaded {
  const nodeId = useRemote((state) => state.view?.nodeId ?? '');
  const [loaded, setLoaded] = useState<Loaded>('running');
  useEffect(() => {
    let isStale = false;
    const timer = setTimeout(async () => {
      const result = await client().call('remote.series', { nodeId, studyInstanceUID });
      if (isStale) return;
      setLoaded(result.ok ? result.value : { failed: result.problem });
    }, settleMs);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [nodeId, studyInstanceUID]);
  return loaded;
}
const settleMs = 250;

function SeriesRows({ series }: { readonly series: Loaded }) {
  const t = useT();
  const language = useLanguage();
  if (series === 'running') return <i className="spinner" />;
  if ('failed' in series) return <p className="cap">{problemText(language, series.failed).sentence}</p>;
  return (
    <ul className="remote-series" aria-label={t('remote.series')}>
      {series.map((one) => (
        <li key={one.seriesInstanceUID}>
          <b>{one.number ?? ''}</b>
          <span className="off">{one.modality}</span>
          <span className="grow cut">{one.description || one.bodyPart}</span>
          <span className="num off">{one.instances === null ? '' : formatNumber(one.instances)}</span>
        </li>
      ))}
    </ul>
  );
}
