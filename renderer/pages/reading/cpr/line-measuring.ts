import { vesselNames } from '../../../../core/terms/vessel.ts';
import { showProblem } from '../../../app/messages.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { analysisOf } from './line-client.ts';
import { setWork } from './line-maker.ts';
import { isDrawable, sampledOf } from './sampled.ts';
import { activeLine, type VesselLine } from './vessel-state.ts';

/** A line is measured once the hand has rested this long. */
const restMs = 250;
export const sectionStepMm = 1;

/** Lumens that end at nothing brighter than fat: there is no arterial wall to allow for. */
const isWithoutWall = (line: VesselLine, unit: string): boolean =>
  unit !== 'HU' || vesselNames.find(({ id }) => id === line.line.nameId)?.group === 'vein';

/** Whether a lumen is looked for: ribs, spine and jaws have none. */
const hasLumen = (line: VesselLine): boolean => line.line.kind === 'vessel' || line.line.kind === 'airway';

interface Running {
  readonly of: VesselLine['line']['pieces'];
  readonly sectionMm: number;
  readonly group: number;
  readonly stop: AbortController;
}

/** Keeps the numbers of all lines as their courses ask, the active one's first, while planes, 3D or CPR are shown. Answers the way to end it. */
export function keepMeasured(session: ReadingSession): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Running | null = null;

  /** Courses that cannot be measured: asked once. */
  const failed = new WeakSet<object>();

  const isWanted = (line: VesselLine): boolean => {
    const { mpr, vesselWork } = session.state;
    if (line.line.seriesKey !== mpr?.seriesKey || !hasLumen(line) || !isDrawable(line.line)) return false;
    if (failed.has(line.line.pieces)) return false;
    const had = vesselWork.measured[line.line.id];
    return had?.of !== line.line.pieces || had.sectionMm !== line.sectionMm || had.group !== mpr.group;
  };
  const isActive = (line: VesselLine): boolean => line.line.id === session.state.vessel.activeId;
  const wanted = (): VesselLine | null => {
    const { vessel, mode, phaseRate, vesselWork } = session.state;
    if (mode === 'stack' || phaseRate !== null) return null;
    const active = activeLine(vessel);
    if (active && isWanted(active)) return active;
    // A hand that sets points comes before lines that nobody looks at.
    if (vesselWork.busy?.what === 'path' || vesselWork.draft) return null;
    return vessel.lines.find(isWanted) ?? null;
  };
  const isRunning = (line: VesselLine): boolean =>
    running?.of === line.line.pieces &&
    running.sectionMm === line.sectionMm &&
    running.group === session.state.mpr?.group;

  const begin = async (line: VesselLine): Promise<void> => {
    const stack = session.mprStack();
    const client = stack?.isWhole ? analysisOf(stack) : null;
    if (!stack || !client) return;
    running?.stop.abort();
    const stop = new AbortController();
    const { pieces, kind, id } = line.line;
    running = { of: pieces, sectionMm: line.sectionMm, group: stack.groupIndex, stop };
    const isShown = isActive(line);
    if (isShown) setWork(session, { busy: { what: 'measure', done: 0 } });
    const input = {
      line: sampledOf(line.line),
      stepMm: sectionStepMm,
      sectionMm: line.sectionMm,
      isDark: kind === 'airway',
      hasNoWall: isWithoutWall(line, stack.unit),
    };
    const onProgress = (done: number): void => {
      if (isShown) setWork(session, { busy: { what: 'measure', done } });
    };
    const result = await client.run('measure', input, { signal: stop.signal, onProgress });
    if (running?.stop === stop) {
      running = null;
      if (isShown && session.state.vesselWork.busy?.what === 'measure') setWork(session, { busy: null });
    }
    if (!result) return;
    if (!result.ok) {
      failed.add(pieces);
      if (isShown) showProblem(result.problem);
      return;
    }
    const { measured } = session.state.vesselWork;
    const made = { of: pieces, sectionMm: line.sectionMm, group: stack.groupIndex, ...result.value };
    setWork(session, { measured: { ...measured, [id]: made } });
  };

  const look = (): void => {
    const line = wanted();
    if (line === null && running !== null && session.state.vesselWork.busy?.what === 'path') {
      running.stop.abort();
      running = null;
    }
    if (!line || isRunning(line)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const now = wanted();
      if (now && !isRunning(now)) void begin(now);
    }, restMs);
  };
  const stop = session.store.subscribe(look);
  look();
  return () => {
    stop();
    clearTimeout(timer);
    running?.stop.abort();
  };
}
