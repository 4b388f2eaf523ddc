/** One measured figure beside its yardstick, both from the same run. */
export interface Figure {
  readonly name: string;
  /** NaN (null in JSON) where it could not be measured; the goal says why then. */
  readonly value: number;
  readonly unit: string;
  readonly yardstick: string;
  readonly yardstickValue: number;
  /** value / yardstickValue, unless the goal says that more is better. */
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean;
}

export type Goal =
  | { readonly ratioAtMost: number; readonly valueAtMost?: number }
  | { readonly ratioAtLeast: number }
  | { readonly valueAtMost: number }
  | { readonly valueAtLeast: number }
  | { readonly reported: true };

const round = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value);

function judge(goal: Goal, value: number, ratio: number, unit: string): { text: string; met: boolean } {
  if ('reported' in goal) return { text: 'reported', met: true };
  if ('ratioAtMost' in goal) {
    const both = goal.valueAtMost === undefined;
    const text = `≤ ${goal.ratioAtMost}×${both ? '' : ` and ≤ ${goal.valueAtMost} ${unit}`}`;
    return { text, met: ratio <= goal.ratioAtMost && (both || value <= goal.valueAtMost!) };
  }
  if ('ratioAtLeast' in goal) return { text: `≥ ${goal.ratioAtLeast}×`, met: ratio >= goal.ratioAtLeast };
  if ('valueAtMost' in goal) return { text: `≤ ${goal.valueAtMost} ${unit}`, met: value <= goal.valueAtMost };
  return { text: `≥ ${goal.valueAtLeast} ${unit}`, met: value >= goal.valueAtLeast };
}

export function figure(
  name: string,
  unit: string,
  value: number,
  yardstick: string,
  yardstickValue: number,
  goal: Goal,
): Figure {
  const ratio = value / yardstickValue;
  const { text, met } = judge(goal, value, ratio, unit);
  return {
    name,
    value: round(value),
    unit,
    yardstick,
    yardstickValue: round(yardstickValue),
    ratio: round(ratio),
    goal: text,
    met,
  };
}

/** What this machine cannot show, with the reason; never a goal met nor missed. */
export const notMeasured = (name: string, reason: string): Figure => ({
  name,
  value: Number.NaN,
  unit: '',
  yardstick: '',
  yardstickValue: Number.NaN,
  ratio: Number.NaN,
  goal: `not measured (${reason})`,
  met: true,
});

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Runs both alternately, first round discarded (caches fill), and gives the medians of the rest. */
export async function interleaved(
  rounds: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ readonly ours: number; readonly theirs: number }> {
  const own: number[] = [];
  const other: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const a = await ours();
    const b = await theirs();
    if (round === 0) continue;
    own.push(a);
    other.push(b);
  }
  return { ours: median(own), theirs: median(other) };
}

export async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
