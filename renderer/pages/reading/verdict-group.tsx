import { Check } from 'lucide-react';
import { spacingMm } from '../../../core/geometry/matrices.ts';
import { fixed } from '../../../core/measure/format.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { useLanguage } from '../../app/language.ts';
import { Tag } from '../../ui/controls.tsx';
import type { OpenStack } from '../../volumes/open-stack.ts';
import type { ReadingSession } from './session/reading-session.ts';
import { useReading, useWords } from './use-words.ts';

const tones = { exact: 'ok', resampled: 'plain', approximate: 'warn', none: 'warn' } as const;

/** How far the millimetres of the series can be trusted, and why. */
export function VerdictDetails({ stack }: { readonly stack: OpenStack }) {
  const words = useWords();
  const language = useLanguage();
  const { verdict, regular } = stack.group;
  const size = regular && spacingMm(regular.patientFromIndex);
  const isThick = (size?.[2] ?? 0) >= 2 || verdict.medianGapMm >= 2;
  return (
    <>
      <p className="hint verdict-means">{words(`reading.verdictMeans.${verdict.kind}`)}</p>
      <dl className="kv">
        {verdict.spacingSource !== 'none' && (
          <>
            <dt>{words('reading.spacingSource')}</dt>
            <dd>{verdict.spacingSource}</dd>
          </>
        )}
        {size && (
          <>
            <dt>{words('reading.voxel')}</dt>
            <dd>{size.map((mm) => fixed(mm, 3)).join(' × ')} mm</dd>
            <dt>{words('reading.tilt')}</dt>
            <dd>{fixed(verdict.tiltDeg, 1)}°</dd>
            <dt>{words('reading.worstGap')}</dt>
            <dd>{fixed(verdict.worstGapMm, 3)} mm</dd>
            <dt>{words('reading.missingSlices')}</dt>
            <dd>
              {verdict.interpolatedSlices === 0
                ? words('reading.noneFilled')
                : words('reading.filledOf', {
                    n: verdict.interpolatedSlices,
                    total: regular?.size[2] ?? stack.count,
                  })}
            </dd>
            <dt>{words('reading.residual')}</dt>
            <dd>{fixed(verdict.residualMm, 3)} mm</dd>
          </>
        )}
        {isThick && (
          <>
            <dt>{words('reading.corSag')}</dt>
            <dd className="warn">{words('reading.corSagInterpolated')}</dd>
          </>
        )}
      </dl>
      {verdict.reasons.map((reason) => {
        const { sentence, advice, code } = problemText(language, reason);
        return (
          <p key={code} className="why">
            {sentence}
            {language !== 'zh-CN' && ' '}
            <span className="dim">{advice}</span> <span className="off">{code}</span>
          </p>
        );
      })}
    </>
  );
}

export function VerdictGroup({ session }: { readonly session: ReadingSession }) {
  const words = useWords();
  useReading(session, (s) => s.cells);
  useReading(session, (s) => s.active);
  useReading(session, (s) => s.mode);
  // A second series may have changed places with the first.
  useReading(session, (s) => s.mpr?.seriesKey);
  useReading(session, (s) => s.mpr?.group);
  useReading(session, (s) => s.opened);
  const stack = session.shownStack();
  // A single picture without a place in space has no volume to judge.
  if (!stack || (stack.count === 1 && !stack.group.regular)) return null;
  const { kind } = stack.group.verdict;
  return (
    <section className="grp" aria-label={words('reading.verdict')}>
      <div className="gh">
        <span className="grow">{words('reading.verdict')}</span>
        <Tag tone={tones[kind]} {...(kind === 'exact' && { icon: Check })}>
          {words(`reading.verdict.${kind}`)}
        </Tag>
      </div>
      <VerdictDetails stack={stack} />
    </section>
  );
}
