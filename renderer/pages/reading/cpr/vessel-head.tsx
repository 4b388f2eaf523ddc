import { tortuosity } from '../../../../core/analysis/curve/line-places.ts';
import { widestStation } from '../../../../core/analysis/lumen/aorta.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { vesselName, vesselNameGroups, vesselNames } from '../../../../core/terms/vessel.ts';
import { useLanguage } from '../../../app/language.ts';
import { Button, Tag } from '../../../ui/controls.tsx';
import { Choices } from '../choices.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { setCursor, showPanoramic } from './cpr-actions.ts';
import { measuredNow } from './lesions.ts';
import { isBadPiece } from './line-drawing.ts';
import { lineMaker, setWork, vesselDo } from './line-maker.ts';
import { usualRule } from './line-rules.ts';
import { sampledOf } from './sampled.ts';
import type { VesselLine } from './vessel-state.ts';

interface TabProps {
  readonly session: ReadingSession;
}
interface LineProps extends TabProps {
  readonly line: VesselLine;
}

/** Paths are found, or points are joined as they are set. */
export function HowChoice({ session }: TabProps) {
  const words = useWords();
  const isByHand = useReading(session, (s) => s.vesselWork.isByHand);
  return (
    <Choices
      label={words('reading.lineHow')}
      choices={[
        { value: false, name: words('reading.lineFind'), data: { 'data-how': 'find' } },
        { value: true, name: words('reading.lineByHand'), data: { 'data-how': 'hand' } },
      ]}
      chosen={isByHand}
      onChoose={(byHand) => setWork(session, { isByHand: byHand })}
    />
  );
}

/** Names in their groups. */
function NameSelect({ nameId, choose }: { readonly nameId: string | null; choose(chosen: string): void }) {
  const words = useWords();
  const language = useLanguage();
  return (
    <select
      className="vessel-name"
      value={nameId ?? ''}
      aria-label={words('reading.vesselName')}
      onChange={({ target }) => choose(target.value)}
    >
      <option value="">{words('reading.vesselUnnamed')}</option>
      {vesselNameGroups.map((group) => (
        <optgroup key={group.id} label={language === 'zh-CN' ? group.zh : group.en}>
          {vesselNames
            .filter((name) => name.group === group.id)
            .map((name) => (
              <option key={name.id} value={name.id}>
                {[name.abbreviation, language === 'zh-CN' ? name.zh : name.en].filter(Boolean).join(' ')}
              </option>
            ))}
        </optgroup>
      ))}
    </select>
  );
}

/** What the next line is: an airway is followed where it is dark, a rib along bone. */
export function NextName({ session }: TabProps) {
  const nameId = useReading(session, (s) => s.vesselWork.nextNameId);
  const choose = (chosen: string): void => {
    const isArch = vesselName(chosen || null)?.kind === 'dental';
    // Bone is followed from tooth to tooth in a zigzag: an arch is drawn.
    setWork(session, { nextNameId: chosen || null, ...(isArch && { isByHand: true }) });
    if (isArch) showPanoramic(session);
  };
  return <NameSelect nameId={nameId} choose={choose} />;
}

/** The choice brings the vessel's usual section and rule. */
function NameChoice({ session, line }: LineProps) {
  const words = useWords();
  const { id, nameId, customName } = line.line;
  const choose = (chosen: string): void => {
    const name = vesselName(chosen || null);
    vesselDo(session, {
      kind: 'name',
      lineId: id,
      nameId: name?.id ?? null,
      customName,
      ...(name && { sectionMm: name.sectionMm, lineKind: name.kind }),
    });
    if (name?.kind === 'dental' && line.line.kind !== 'dental') showPanoramic(session);
    if (name && !line.lesion) vesselDo(session, { kind: 'rule', lineId: id, rule: usualRule(name) });
  };
  return (
    <>
      <NameSelect nameId={nameId} choose={choose} />
      {nameId === null && (
        <label className="field vessel-own">
          <input
            value={customName}
            maxLength={64}
            placeholder={words('reading.vesselOwnName')}
            aria-label={words('reading.vesselOwnName')}
            onChange={({ target }) =>
              vesselDo(session, { kind: 'name', lineId: id, nameId: null, customName: target.value })
            }
          />
        </label>
      )}
    </>
  );
}

/** Widths of sections, as the vessels' names bring them. */
const sectionChoicesMm = [15, 25, 30, 40, 60, 80] as const;

/** The line at hand: its name, its length, and what can be done with it. */
export function HeadGroup({ session, line }: LineProps) {
  const words = useWords();
  const { controls, pieces } = line.line;
  const isByHand = pieces.some(({ state }) => state === 'drawn');
  const hasCourse = pieces.length > 0;
  return (
    <section className="grp" aria-label={words('reading.vessel')} data-vessel-head>
      <div className="gh">
        <span className="grow">{words('reading.vessel')}</span>
        <Tag>
          {isByHand ? words('reading.pathByHand') : words('reading.pathByClicks', { n: controls.length })}
        </Tag>
      </div>
      <NameChoice session={session} line={line} />
      {hasCourse && <LineNumbers session={session} line={line} />}
      <SectionChoice session={session} line={line} />
      {!hasCourse && <p className="hint">{words('reading.clickEnd')}</p>}
      <LineNews session={session} line={line} />
      <HowChoice session={session} />
      <LineButtons session={session} hasCourse={hasCourse} />
    </section>
  );
}

function LineNumbers({ session, line }: LineProps) {
  const words = useWords();
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const sampled = sampledOf(line.line);
  const bend = tortuosity(sampled);
  const widest = widestStation(measuredNow(line, measured)?.stations ?? []);
  return (
    <dl className="kv">
      <dt>{words('reading.lineLength')}</dt>
      <dd data-line-length>{fixed(sampled.lengthMm, 1)} mm</dd>
      <dt>{words('reading.linePoints')}</dt>
      <dd>{words('reading.linePointsN', { n: line.line.controls.length })}</dd>
      <dt>{words('reading.lineSection')}</dt>
      <dd>{words('reading.lineSectionText', { mm: fixed(line.sectionMm, 0) })}</dd>
      <dt>{words('reading.tortuosity')}</dt>
      <dd>{Number.isFinite(bend) ? fixed(bend, 2) : '–'}</dd>
      {widest && (
        <>
          <dt>{words('reading.dMax')}</dt>
          <dd>
            <button type="button" className="lesion-show" onClick={() => setCursor(session, widest.s)}>
              {words('reading.dMaxAt', { mm: fixed(widest.maxDiameterMm, 1), s: fixed(widest.s, 0) })}
            </button>
          </dd>
        </>
      )}
    </dl>
  );
}

function SectionChoice({ session, line }: LineProps) {
  const words = useWords();
  return (
    <div className="slabs sections">
      {sectionChoicesMm.map((mm) => (
        <button
          key={mm}
          type="button"
          className={mm === line.sectionMm ? 'on' : ''}
          aria-pressed={mm === line.sectionMm}
          data-section={mm}
          onClick={() => vesselDo(session, { kind: 'section', lineId: line.line.id, sectionMm: mm })}
        >
          {mm}
        </button>
      ))}
      <em>{words('reading.mmSection')}</em>
    </div>
  );
}

/** What is being worked out, why the last click made nothing, and whether a piece follows no lumen. */
function LineNews({ session, line }: LineProps) {
  const words = useWords();
  const language = useLanguage();
  const why = useReading(session, (s) => s.vesselWork.problem);
  const busy = useReading(session, (s) => s.vesselWork.busy);
  const hasRed = line.line.pieces.some(({ state }) => isBadPiece(state));
  return (
    <>
      {busy && (
        <p className="hint" data-vessel-busy={busy.what}>
          {words(busy.what === 'path' ? 'reading.findingPath' : 'reading.measuringLine')}{' '}
          {Math.round(busy.done * 100)} %
        </p>
      )}
      {why && <p className="limit">{problemText(language, why).sentence}</p>}
      {hasRed && <p className="limit">{words('reading.redPieces')}</p>}
    </>
  );
}

function LineButtons({ session, hasCourse }: TabProps & { readonly hasCourse: boolean }) {
  const words = useWords();
  const maker = lineMaker(session);
  if (!hasCourse) {
    return (
      <div className="row-buttons">
        <Button size="small" onClick={() => void maker.grow()} data-grow>
          {words('reading.lineGrow')}
        </Button>
      </div>
    );
  }
  return (
    <div className="row-buttons">
      <Button size="small" onClick={() => maker.reverse()}>
        {words('reading.lineReverse')}
      </Button>
      <Button size="small" onClick={() => void maker.refind()}>
        {words('reading.lineRefind')}
      </Button>
    </div>
  );
}
