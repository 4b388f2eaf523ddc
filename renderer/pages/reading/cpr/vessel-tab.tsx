import { branchAngleRad } from '../../../../core/analysis/curve/line-places.ts';
import { cadRadsOf } from '../../../../core/analysis/lumen/cad-rads.ts';
import type { Span } from '../../../../core/analysis/lumen/stenosis.ts';
import { doubtSpans } from '../../../../core/analysis/lumen/touching.ts';
import { pieceStates } from '../../../../core/analysis/types.ts';
import { problem } from '../../../../core/base/problem.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { vesselName } from '../../../../core/terms/vessel.ts';
import { useLanguage } from '../../../app/language.ts';
import { showProblem } from '../../../app/messages.ts';
import { LesionCard } from '../../../panels/vessel/lesion-card.tsx';
import { LineList } from '../../../panels/vessel/line-list.tsx';
import { Button } from '../../../ui/controls.tsx';
import { Choices } from '../choices.tsx';
import { VesselExports } from '../report/vessel-exports.tsx';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { setCursor, setPicture } from './cpr-actions.ts';
import { showCpr, showLine } from './cpr-commands.ts';
import { marksOf, measuredNow, shownLesion } from './lesions.ts';
import { isBadPiece } from './line-drawing.ts';
import { lineMaker, vesselDo } from './line-maker.ts';
import { sampledOf } from './sampled.ts';
import { SectionStrip } from './section-strip.tsx';
import { exportLine, linesAsTree } from './vessel-export.ts';
import { HeadGroup, HowChoice, NextName } from './vessel-head.tsx';
import { activeLine, cprPictures, slabsOf, type VesselLine } from './vessel-state.ts';

interface TabProps {
  readonly session: ReadingSession;
}
interface LineProps extends TabProps {
  readonly line: VesselLine;
}

/** The vessel panel: name and length, view, lesion, sections, all lines, export. */
export function VesselTab({ session }: TabProps) {
  const line = useReading(session, (s) => activeLine(s.vessel));
  const isCpr = useReading(session, (s) => s.mode === 'cpr');
  return (
    <>
      {line ? <HeadGroup session={session} line={line} /> : <StartGroup session={session} />}
      {isCpr && <ViewGroup session={session} />}
      {line && <LesionGroup session={session} line={line} />}
      {line && isCpr && <SectionStrip session={session} />}
      <ListGroup session={session} />
      {line && <ExportGroup session={session} line={line} />}
    </>
  );
}

function StartGroup({ session }: TabProps) {
  const words = useWords();
  const language = useLanguage();
  const mode = useReading(session, (s) => s.mode);
  const why = useReading(session, (s) => s.vesselWork.problem);
  return (
    <section className="grp">
      <p className="hint">{words('reading.clickStart')}</p>
      {why && <p className="limit">{problemText(language, why).sentence}</p>}
      {mode !== 'cpr' && (
        <Button size="small" onClick={() => showCpr(session)}>
          {words('reading.cpr')}
        </Button>
      )}
      {mode === 'cpr' && (
        <>
          <NextName session={session} />
          <HowChoice session={session} />
        </>
      )}
    </section>
  );
}

function ViewGroup({ session }: TabProps) {
  const words = useWords();
  const view = useReading(session, (s) => s.vessel.view);
  const slabs = useReading(session, (s) => slabsOf(activeLine(s.vessel)));
  return (
    <section className="grp cpr-views" aria-label={words('reading.cprView')}>
      <div className="gh">
        <span className="grow">{words('reading.cprView')}</span>
        <span>{words('reading.turnText', { deg: fixed(view.turnDeg, 0) })}</span>
      </div>
      <Choices
        label={words('reading.cprView')}
        keys="Shift+KeyV"
        choices={cprPictures.map((picture) => ({
          value: picture,
          name: words(`reading.cpr.${picture}`),
          data: { 'data-cpr': picture },
        }))}
        chosen={view.picture}
        onChoose={(picture) => setPicture(session, picture)}
      />
      <div className="slabs">
        {slabs.map((mm) => (
          <button
            key={mm}
            type="button"
            className={mm === view.slabMm ? 'on' : ''}
            aria-pressed={mm === view.slabMm}
            data-cpr-slab={mm}
            onClick={() => vesselDo(session, { kind: 'view', part: { slabMm: mm } })}
          >
            {mm}
          </button>
        ))}
        <em>{words('reading.mmSlab')}</em>
      </div>
      <Choices
        label={words('reading.flatPicture')}
        choices={[
          { value: false, name: words('reading.section'), data: { 'data-flat': 'across' } },
          { value: true, name: words('reading.sectionAlong'), data: { 'data-flat': 'along' } },
        ]}
        chosen={view.isAlong}
        onChoose={(isAlong) => vesselDo(session, { kind: 'view', part: { isAlong } })}
      />
      {view.slabMm > 0 && (
        <Choices
          label={words('reading.slabMode')}
          choices={(['mip', 'mean'] as const).map((projection) => ({
            value: projection,
            name: words(`reading.${projection}`),
          }))}
          chosen={view.projection}
          onChoose={(projection) => vesselDo(session, { kind: 'view', part: { projection } })}
        />
      )}
    </section>
  );
}

/** Half of a lesion that is marked by hand. */
const markedHalfMm = 5;

function LesionGroup({ session, line }: LineProps) {
  const words = useWords();
  const language = useLanguage();
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const lesion = shownLesion(line, measured);
  const now = measuredNow(line, measured);
  const { id, verdict } = line.line;
  if (line.line.pieces.length === 0 || (line.line.kind !== 'vessel' && line.line.kind !== 'airway'))
    return null;
  const mark = (): void => {
    const { cursorMm } = session.state.vessel.view;
    const { lengthMm } = sampledOf(line.line);
    const span = {
      fromS: Math.max(0, cursorMm - markedHalfMm),
      toS: Math.min(lengthMm, cursorMm + markedHalfMm),
    };
    vesselDo(session, { kind: 'lesion', lineId: id, lesion: marksOf(span, lengthMm) });
  };
  return (
    <>
      <LesionCard
        isMeasured={now !== undefined}
        warning={
          now?.isUnopacified ? problemText(language, problem('LUMEN_WITHOUT_CONTRAST')).sentence : null
        }
        lesion={
          lesion && {
            ...lesion,
            ...lesion.stenosis,
            fromMm: lesion.stenosis.fromS,
            toMm: lesion.stenosis.toS,
            isAtLimit: lesion.stenosis.limit === 'resolution',
          }
        }
        rule={line.rule}
        verdict={words(`reading.verdict.${verdict}`)}
        aid={
          lesion && vesselName(line.line.nameId)?.group === 'coronary'
            ? words('reading.cadRads', { category: cadRadsOf(lesion.stenosis.percentDiameter) })
            : null
        }
        others={(now?.stenoses ?? []).map((stenosis, n) => ({
          id: n,
          label: `${n + 1} · ${fixed(stenosis.percentDiameter, 0)} %`,
          isOn: lesion !== null && Math.abs(lesion.stenosis.s - stenosis.s) < 1,
        }))}
        onChoose={(n) => {
          const chosen = now?.stenoses[n];
          if (!chosen) return;
          vesselDo(session, {
            kind: 'lesion',
            lineId: id,
            lesion: marksOf(chosen, sampledOf(line.line).lengthMm),
          });
          setCursor(session, chosen.s);
        }}
        onShow={() => lesion && setCursor(session, lesion.stenosis.s)}
        onRule={(rule) => vesselDo(session, { kind: 'rule', lineId: id, rule })}
        onMark={mark}
        onReset={() => vesselDo(session, { kind: 'lesion', lineId: id, lesion: null })}
      />
      <TouchingNote session={session} spans={doubtSpans(now?.stations ?? [])} />
    </>
  );
}

/** Where something as bright touches the lumen; a press goes there. */
function TouchingNote({ session, spans }: TabProps & { readonly spans: readonly Span[] }) {
  const words = useWords();
  if (spans.length === 0) return null;
  return (
    <section className="grp touching" data-touching={spans.length}>
      <p className="limit">{words('reading.touchingNote')}</p>
      <div className="row-buttons">
        {spans.map(({ fromS, toS }) => (
          <Button key={fromS} size="small" onClick={() => setCursor(session, (fromS + toS) / 2)}>
            {toS - fromS < 0.5 ? `${fixed(fromS, 0)} mm` : `${fixed(fromS, 0)}–${fixed(toS, 0)} mm`}
          </Button>
        ))}
      </div>
    </section>
  );
}

/** A branch's angle to its parent; a dash where one of them has no course there. */
const degreesText = (rad: number): string => (Number.isFinite(rad) ? fixed((rad * 180) / Math.PI, 0) : '–');

function ListGroup({ session }: TabProps) {
  const words = useWords();
  const language = useLanguage();
  const vessel = useReading(session, (s) => s.vessel);
  const nameOf = (item: VesselLine | undefined): string => {
    const name = vesselName(item?.line.nameId ?? null);
    if (name) return language === 'zh-CN' ? name.zh : name.en;
    return item?.line.customName || words('reading.vesselUnnamed');
  };
  const rows = linesAsTree(vessel.lines).map(({ item, depth }) => {
    const { parent, id } = item.line;
    const sampled = sampledOf(item.line);
    const of = vessel.lines.find(({ line }) => line.id === parent?.lineId);
    return {
      id,
      name: nameOf(item),
      length: item.line.pieces.length > 0 ? `${fixed(sampled.lengthMm, 1)} mm` : '–',
      branch:
        parent && of
          ? words('reading.lineBranch', {
              name: nameOf(of),
              mm: fixed(parent.atMm, 0),
              deg: degreesText(branchAngleRad(sampledOf(of.line), parent.atMm, sampled)),
            })
          : '',
      depth,
      hasRed: sampled.states.some((state) => isBadPiece(pieceStates[state] ?? 'drawn')),
    };
  });
  return (
    <LineList
      rows={rows}
      activeId={vessel.activeId}
      onShow={(id) => void showLine(session, id)}
      onDelete={(lineId) => vesselDo(session, { kind: 'remove', lineId })}
      onNew={() => lineMaker(session).startNew()}
    />
  );
}

function ExportGroup({ session, line }: LineProps) {
  const words = useWords();
  const measured = useReading(session, (s) => s.vesselWork.measured[line.line.id]);
  const isOff = line.line.pieces.length === 0;
  const isMeasured = measuredNow(line, measured) !== undefined;
  const save = (what: 'csv' | 'json' | 'png') => (): void =>
    void exportLine(session, what).catch(() => void showProblem(problem('IO_ERROR')));
  return (
    <section className="grp" aria-label={words('reading.groupExport')}>
      <VesselExports session={session} />
      <div className="row-buttons">
        <Button
          size="small"
          disabled={isOff || !isMeasured}
          title={isMeasured ? undefined : words('reading.csvWaits')}
          onClick={save('csv')}
        >
          {words('reading.exportCsv')}
        </Button>
        <Button size="small" disabled={isOff} onClick={save('json')}>
          {words('reading.exportJson')}
        </Button>
        <Button size="small" disabled={isOff} onClick={save('png')}>
          {words('reading.exportPng')}
        </Button>
      </div>
    </section>
  );
}
