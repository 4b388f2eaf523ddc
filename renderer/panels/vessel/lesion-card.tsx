import type { ReferenceRule } from '../../../core/analysis/types.ts';
import { fixed } from '../../../core/measure/format.ts';
import { readingTerms } from '../../../core/terms/reading.ts';
import { inOne } from '../../../core/terms/term.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { Button } from '../../ui/controls.tsx';
import './vessel.css';

/** Numbers of one stenosis, as they are printed. */
export interface LesionNumbers {
  readonly number: number;
  readonly fromMm: number;
  readonly toMm: number;
  readonly percentDiameter: number;
  readonly percentArea: number;
  readonly uncertaintyPercent: number;
  readonly isAtLimit: boolean;
  readonly minDiameterMm: number;
  readonly proximalDiameterMm: number | null;
  readonly distalDiameterMm: number | null;
  readonly referenceMm: number;
  readonly minAreaMm2: number;
  readonly referenceAreaMm2: number;
  readonly isOwn: boolean;
}

const rules: readonly ReferenceRule[] = ['mean', 'NASCET', 'ECST'];
const mmOrDash = (mm: number | null): string => (mm === null ? '–' : `${fixed(mm, 1)} mm`);

/** The stenosis: percent of diameter and area with their interval, what they are made of, and the rule. */
export function LesionCard({
  isMeasured,
  lesion,
  rule,
  verdict,
  aid,
  warning,
  others,
  onRule,
  onShow,
  onChoose,
  onMark,
  onReset,
}: {
  /** False while the line's numbers are not there yet. */
  readonly isMeasured: boolean;
  /** Null: none was found or marked. */
  readonly lesion: LesionNumbers | null;
  readonly rule: ReferenceRule;
  /** In words. */
  readonly verdict: string;
  /** CAD-RADS in words, where the vessel is a coronary artery. */
  readonly aid: string | null;
  /** Why the numbers are not to be trusted. */
  readonly warning: string | null;
  /** All that are proposed, by their place along the line; the shown one is `isOn`. */
  readonly others: readonly { readonly id: number; readonly label: string; readonly isOn: boolean }[];
  onRule(rule: ReferenceRule): void;
  /** Brings the cursor to the narrowest place. */
  onShow(): void;
  onChoose(id: number): void;
  onMark(): void;
  onReset(): void;
}) {
  const t = useT();
  const language = useLanguage();
  return (
    <section className="grp" aria-label={t(readingTerms['reading.lesion'])} data-lesion-card>
      <div className="gh">
        <span className="grow">
          {lesion
            ? t(readingTerms['reading.lesionN'], { n: lesion.number })
            : t(readingTerms['reading.lesion'])}
        </span>
        {lesion && (
          <button
            type="button"
            className="lesion-show"
            data-tip={t(readingTerms['reading.lesionShow'])}
            onClick={onShow}
          >
            {t(readingTerms['reading.lesionSpan'], {
              from: fixed(lesion.fromMm, 0),
              to: fixed(lesion.toMm, 0),
            })}
          </button>
        )}
      </div>
      {others.length > 1 && (
        <div className="slabs lesions">
          {others.map(({ id, label, isOn }) => (
            <button
              key={id}
              type="button"
              className={isOn ? 'on' : ''}
              aria-pressed={isOn}
              onClick={() => onChoose(id)}
            >
              {label}
            </button>
          ))}
        </div>
      )}
      {lesion ? (
        <Numbers lesion={lesion} />
      ) : (
        // Where nothing can be told, "no stenosis" would be a finding.
        !warning && (
          <p className="hint">{t(readingTerms[isMeasured ? 'reading.noLesion' : 'reading.notMeasured'])}</p>
        )
      )}
      {warning && (
        <p className="limit" data-no-contrast>
          {warning}
        </p>
      )}
      {aid && <p className="hint">{aid}</p>}
      <fieldset className="seg wide-seg" aria-label={t(readingTerms['reading.rule'])}>
        {rules.map((name) => (
          <button
            key={name}
            type="button"
            className={name === rule ? 'on' : ''}
            aria-pressed={name === rule}
            data-rule={name}
            onClick={() => onRule(name)}
          >
            {t(readingTerms[`reading.rule.${name}`])}
          </button>
        ))}
      </fieldset>
      {lesion && (
        <p className="hint">
          {inOne(language, [
            t(readingTerms[`reading.ruleText.${rule}`]),
            t(readingTerms['reading.ruleVerdict'], { verdict }),
            t(readingTerms['reading.ruleUncertain']),
          ])}
        </p>
      )}
      <div className="row-buttons">
        <Button size="small" onClick={onMark}>
          {t(readingTerms['reading.lesionMark'])}
        </Button>
        {lesion?.isOwn && (
          <Button size="small" onClick={onReset}>
            {t(readingTerms['reading.lesionReset'])}
          </Button>
        )}
      </div>
    </section>
  );
}

function Numbers({ lesion }: { readonly lesion: LesionNumbers }) {
  const t = useT();
  const about = lesion.isAtLimit ? '≈ ' : '';
  return (
    <>
      <div className="vessel-numbers">
        <div>
          <span className="cap">%DS</span>
          <b data-percent="diameter">
            {about}
            {fixed(lesion.percentDiameter, 0)}
          </b>
          <i>% ± {fixed(lesion.uncertaintyPercent, 0)}</i>
        </div>
        <div>
          <span className="cap">%AS</span>
          <b data-percent="area">
            {about}
            {fixed(lesion.percentArea, 0)}
          </b>
          <i>%</i>
        </div>
      </div>
      {lesion.isAtLimit && (
        <p className="limit" data-tip={t(readingTerms['reading.atLimitTip'])} data-at-limit>
          {t(readingTerms['reading.atLimit'])}
        </p>
      )}
      <dl className="kv">
        <dt>{t(readingTerms['reading.dMin'])}</dt>
        <dd>
          <b>{mmOrDash(lesion.minDiameterMm)}</b>
        </dd>
        <dt>{t(readingTerms['reading.dProximal'])}</dt>
        <dd>{mmOrDash(lesion.proximalDiameterMm)}</dd>
        <dt>{t(readingTerms['reading.dDistal'])}</dt>
        <dd>{mmOrDash(lesion.distalDiameterMm)}</dd>
        <dt>{t(readingTerms['reading.dRef'])}</dt>
        <dd>{mmOrDash(lesion.referenceMm)}</dd>
        <dt>{t(readingTerms['reading.areas'])}</dt>
        <dd>
          {fixed(lesion.minAreaMm2, lesion.minAreaMm2 < 100 ? 1 : 0)} /{' '}
          {fixed(lesion.referenceAreaMm2, lesion.referenceAreaMm2 < 100 ? 1 : 0)} mm²
        </dd>
        <dt>{t(readingTerms['reading.lesionLength'])}</dt>
        <dd>{fixed(lesion.toMm - lesion.fromMm, 1)} mm</dd>
      </dl>
    </>
  );
}
