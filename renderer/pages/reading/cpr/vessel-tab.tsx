import { tortuosity } from '../../../../core/analysis/curve/line-places.ts';
import { cadRadsOf } from '../../../../core/analysis/lumen/cad-rads.ts';
import { pieceStates } from '../../../../core/analysis/types.ts';
import { problem } from '../../../../core/base/problem.ts';
import { fixed } from '../../../../core/measure/format.ts';
import { problemText } from '../../../../core/terms/terms.ts';
import { vesselName, vesselNameGroups, vesselNames } from '../../../../core/terms/vessel.ts';
import { useLanguage } from '../../../app/language.ts';
import { showProblem } from '../../../app/messages.ts';
import { LesionCard } from '../../../panels/vessel/lesion-card.tsx';
import { LineList } from '../../../panels/vessel/line-list.tsx';
import { Button, Tag } from '../../../ui/controls.tsx';
import { Choices } from '../choices.tsx';
import type { ReadingSession } from '../reading-session.ts';
import { useReading, useWords } from '../use-words.ts';
import { setCursor, setPicture } from './cpr-actions.ts';
import { showCpr } from './cpr-commands.ts';
import { marksOf, measuredNow, shownLesion } from './lesions.ts';
import { isBadPiece } from './line-drawing.ts';
import { lineMaker, setWork, vesselDo } from './line-maker.ts';
import { sampledOf } from './sampled.ts';
import { SectionStrip } from './section-strip.tsx';
import { exportLine, linesAsTree } from './vessel-export.ts';
import { activeLine, cprPictures, cprSlabsMm, type VesselLine } from './vessel-state.ts';

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
      {line && line.line.pieces.length > 0 && <ExportGroup session={session} />}
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
      {mode === 'cpr' && <HowChoice session={session} />}
    </section>
  );
}

function HowChoice({ session }: TabProps) {
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

/** Names in their groups; the choice brings the vessel's usual section and rule. */
function NameChoice({ session, line }: LineProps) {
  const words = useWords();
  const language = useLanguage();
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
    if (name && !line.lesion)
      vesselDo(session, { kind: 'rule', lineId: id, rule: name.group === 'neck' ? 'NASCET' : 'mean' });
  };
  return (
    <>
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

function HeadGroup({ session, line }: LineProps) {
  const words = useWords();
  const language = useLanguage();
  const why = useReading(session, (s) => s.vesselWork.problem);
  const busy = useReading(session, (s) => s.vesselWork.busy);
  const { controls, pieces } = line.line;
  const sampled = sampledOf(line.line);
  const isByHand = pieces.some(({ state }) => state === 'drawn');
  const hasRed = pieces.some(({ state }) => isBadPiece(state));
  const maker = lineMaker(session);
  const bend = tortuosity(sampled);
  return (
    <section className="grp" aria-label={words('reading.vessel')} data-vessel-head>
      <div className="gh">
        <span className="grow">{words('reading.vessel')}</span>
        <Tag>
          {isByHand ? words('reading.pathByHand') : words('reading.pathByClicks', { n: controls.length })}
        </Tag>
      </div>
      <NameChoice session={session} line={line} />
      {pieces.length > 0 && (
        <dl className="kv">
          <dt>{words('reading.lineLength')}</dt>
          <dd data-line-length>{fixed(sampled.lengthMm, 1)} mm</dd>
          <dt>{words('reading.linePoints')}</dt>
          <dd>{words('reading.linePointsN', { n: controls.length })}</dd>
          <dt>{words('reading.lineSection')}</dt>
          <dd>{words('reading.lineSectionText', { mm: fixed(line.sectionMm, 0) })}</dd>
          <dt>{words('reading.tortuosity')}</dt>
          <dd>{Number.isFinite(bend) ? fixed(bend, 2) : '–'}</dd>
        </dl>
      )}
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
      {pieces.length === 0 && (
        <>
          <p className="hint">{words('reading.clickEnd')}</p>
          <div className="row-buttons">
            <Button size="small" onClick={() => void maker.grow()} data-grow>
              {words('reading.lineGrow')}
            </Button>
          </div>
        </>
      )}
      {busy && (
        <p className="hint" data-vessel-busy={busy.what}>
          {words(busy.what === 'path' ? 'reading.findingPath' : 'reading.measuringLine')}{' '}
          {Math.round(busy.done * 100)} %
        </p>
      )}
      {why && <p className="limit">{problemText(language, why).sentence}</p>}
      {hasRed && <p className="limit">{words('reading.redPieces')}</p>}
      <HowChoice session={session} />
      {pieces.length > 0 && (
        <div className="row-buttons">
          <Button size="small" onClick={() => maker.reverse()}>
            {words('reading.lineReverse')}
          </Button>
          <Button size="small" onClick={() => void maker.refind()}>
            {words('reading.lineRefind')}
          </Button>
        </div>
      )}
    </section>
  );
}

function ViewGroup({ session }: TabProps) {
  const words = useWords();
  const view = useReading(session, (s) => s.vessel.view);
  return (
    <section className="grp" aria-label={words('reading.cprView')}>
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
        {cprSlabsMm.map((mm) => (
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
    <LesionCard
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
  );
}

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
        parent && of ? words('reading.lineBranch', { name: nameOf(of), mm: fixed(parent.atMm, 0) }) : '',
      depth,
      hasRed: sampled.states.some((state) => isBadPiece(pieceStates[state] ?? 'drawn')),
    };
  });
  const show = (id: string): void => {
    lineMaker(session).end();
    vesselDo(session, { kind: 'activate', lineId: id });
    setCursor(session, session.state.vessel.view.cursorMm);
  };
  return (
    <LineList
      rows={rows}
      activeId={vessel.activeId}
      onShow={show}
      onDelete={(lineId) => vesselDo(session, { kind: 'remove', lineId })}
      onNew={() => lineMaker(session).startNew()}
    />
  );
}

function ExportGroup({ session }: TabProps) {
  const words = useWords();
  const save = (what: 'csv' | 'json' | 'png') => (): void =>
    void exportLine(session, what).catch(() => void showProblem(problem('IO_ERROR')));
  return (
    <section className="grp" aria-label={words('reading.groupExport')}>
      <div className="row-buttons">
        <Button size="small" onClick={save('csv')}>
          {words('reading.exportCsv')}
        </Button>
        <Button size="small" onClick={save('json')}>
          {words('reading.exportJson')}
        </Button>
        <Button size="small" onClick={save('png')}>
          {words('reading.exportPng')}
        </Button>
      </div>
    </section>
  );
}
