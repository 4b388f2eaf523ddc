import { vesselNames } from '../../../../core/terms/vessel.ts';
import { showProblem } from '../../../app/messages.ts';
import type { ReadingSession } from '../reading-session.ts';
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

/** Keeps the numbers of the active line as its course asks, while planes, 3D or CPR are shown. Answers the way to end it. */
export function keepMeasured(session: ReadingSession): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Running | null = null;

  /** Courses that cannot be measured: asked once. */
  const failed = new WeakSet<object>();

  const wanted = (): VesselLine | null => {
    const { vessel, mode, mpr, vesselWork, phaseRate } = session.state;
    const line = mode === 'stack' || phaseRate !== null ? null : activeLine(vessel);
    if (!line || line.line.seriesKey !== mpr?.seriesKey || !hasLumen(line) || !isDrawable(line.line))
      return null;
    if (failed.has(line.line.pieces)) return null;
    const had = vesselWork.measured[line.line.id];
    return had?.of === line.line.pieces && had.sectionMm === line.sectionMm && had.group === mpr?.group
      ? null
      : line;
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
    setWork(session, { busy: { what: 'measure', done: 0 } });
    const input = {
      line: sampledOf(line.line),
      stepMm: sectionStepMm,
      sectionMm: line.sectionMm,
      isDark: kind === 'airway',
      hasNoWall: isWithoutWall(line, stack.unit),
    };
    const onProgress = (done: number): void => setWork(session, { busy: { what: 'measure', done } });
    const result = await client.run('measure', input, { signal: stop.signal, onProgress });
    if (running?.stop === stop) {
      running = null;
      if (session.state.vesselWork.busy?.what === 'measure') setWork(session, { busy: null });
    }
    if (!result) return;
    if (!result.ok) {
      failed.add(pieces);
      showProblem(result.problem);
      return;
    }
    const { measured } = session.state.vesselWork;
    const made = { of: pieces, sectionMm: line.sectionMm, group: stack.groupIndex, ...result.value };
    setWork(session, { measured: { ...measured, [id]: made } });
  };

  const look = (): void => {
    const line = wanted();
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
