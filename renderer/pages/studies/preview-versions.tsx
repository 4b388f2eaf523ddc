import { CircleCheck, Layers, Radio } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CallOutput } from '../../../core/contract/index.ts';
import { formatMoment, momentOf } from '../../../core/terms/format-date.ts';
import { inOne } from '../../../core/terms/term.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Icon, Tag } from '../../ui/controls.tsx';
import { type ProcedureStep, stepWords, useSteps } from './procedure-steps.ts';

type Version = CallOutput<'versions.list'>[number];

/** One notice for images that came more than once and differed: the newest shows, the others are kept. */
export function Versions({ studyKey, stamp }: { readonly studyKey: string; readonly stamp: string }) {
  const t = useT();
  const language = useLanguage();
  const versions = useVersions(studyKey, stamp);
  const older = versions.filter(({ shows }) => !shows);
  if (older.length === 0) return null;
  const newest = older.reduce((a, b) => (b.addedAtMs > a.addedAtMs ? b : a));
  const images = new Set(older.map(({ sopInstanceUID }) => sopInstanceUID)).size;
  const kinds = [...new Set(older.map(({ difference }) => difference))].filter((kind) => kind !== 'none');
  return (
    <div className="sec">
      <div className="row sec-head">
        <h2>{t('versions.title')}</h2>
        <span className="grow" />
        <span className="cap">{older.length}</span>
      </div>
      <div className="flag">
        <Icon of={Layers} size={16} />
        <span>
          {inOne(language, [
            t('versions.kept', { n: images, when: formatMoment(momentOf(new Date(newest.addedAtMs))) }),
            ...kinds.map((kind) => t(`versions.${kind}`)),
          ])}
        </span>
      </div>
    </div>
  );
}

/** Asked again when the study changes. */
function useVersions(studyKey: string, stamp: string): readonly Version[] {
  const [versions, setVersions] = useState<readonly Version[]>([]);
  const question = `${studyKey}\n${stamp}`;
  useEffect(() => {
    let isStale = false;
    void client()
      .call('versions.list', { studyKey: question.split('\n')[0] ?? '' })
      .then((result) => {
        if (!isStale) setVersions(result.ok ? result.value : []);
      });
    return () => {
      isStale = true;
    };
  }, [question]);
  return versions;
}

/** What the modality reported of the examination (MPPS). */
export function StepLine({ studyKey }: { readonly studyKey: string }) {
  const t = useT();
  const language = useLanguage();
  const step = useSteps((state) => state.byStudy.get(studyKey));
  if (!step) return null;
  return (
    <div className="sec">
      <div className="flag">
        <Icon of={Radio} size={16} />
        <span>
          <StepTag step={step} /> {stepWords(language, step).join(' · ')}
          <span className="dim"> {t('steps.from')}</span>
        </span>
      </div>
    </div>
  );
}

const tones = { 'IN PROGRESS': 'acc', COMPLETED: 'ok', DISCONTINUED: 'warn' } as const;

/** The state in a word; the tooltip names the step. */
export function StepTag({ step }: { readonly step: ProcedureStep }) {
  const t = useT();
  const tip = stepWords(useLanguage(), step).join(' · ');
  return (
    <Tag tone={tones[step.state]} tip={tip}>
      {t(`steps.${step.state}`)}
    </Tag>
  );
}

/** For a study whose own state matters more: a check mark, with the words for who hovers or hears. */
export function StepMark({ step }: { readonly step: ProcedureStep }) {
  const t = useT();
  const state = t(`steps.${step.state}`);
  const tip = [state, ...stepWords(useLanguage(), step)].join(' · ');
  return (
    <span className="step-mark ok" data-tip={tip}>
      <Icon of={CircleCheck} size={16} />
      <span className="sr">{state}</span>
    </span>
  );
}
