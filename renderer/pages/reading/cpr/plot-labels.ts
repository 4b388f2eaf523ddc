/** A label of the plot in CSS pixels: where its text is anchored, on its base line. */
export interface PlotLabel {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly text: string;
}

const lineHeight = 15;

/** About as wide as 12 px letters are: nothing is measured while the plot is drawn. */
export const labelWidth = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 12.2 : 6.8), 0);

function boxOf({ x, y, anchor, text }: PlotLabel) {
  const width = labelWidth(text);
  const left = x - (anchor === 'start' ? 0 : anchor === 'middle' ? width / 2 : width);
  return { left, right: left + width, top: y - lineHeight, bottom: y };
}

/** True where two labels would stand on each other. */
export function overlaps(a: PlotLabel, b: PlotLabel): boolean {
  const [one, other] = [boxOf(a), boxOf(b)];
  const isBeside = one.right <= other.left || other.right <= one.left;
  return !isBeside && one.top < other.bottom && other.top < one.bottom;
}

/**
 * Where the name of a stretch stands: right of it, within it, or left of it, whatever covers no other label; within it
 * where all would.
 */
export function stretchLabel(
  text: string,
  [from, to]: readonly [number, number],
  y: number,
  others: readonly PlotLabel[],
): PlotLabel {
  const within: PlotLabel = { x: (from + to) / 2, y, anchor: 'middle', text };
  const places: readonly PlotLabel[] = [
    { x: to + 6, y, anchor: 'start', text },
    ...(labelWidth(text) <= to - from ? [within] : []),
    { x: from - 6, y, anchor: 'end', text },
  ];
  return places.find((place) => others.every((other) => !overlaps(place, other))) ?? within;
}
