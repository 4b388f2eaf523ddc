/** Viewport grids of stacks: rows × columns, in the order of Shift+1 … 9. */
export interface Layout {
  readonly id: string;
  readonly rows: number;
  readonly columns: number;
}

const grid = (rows: number, columns: number): Layout => ({
  id: `${rows}×${columns}`,
  rows,
  columns,
});

export const layouts: readonly Layout[] = [
  grid(1, 1),
  grid(1, 2),
  grid(1, 3),
  grid(2, 2),
  grid(2, 1),
  grid(2, 3),
  grid(3, 2),
  grid(2, 4),
  grid(3, 3),
];

export const layoutOf = (id: string): Layout => layouts.find((l) => l.id === id) ?? layouts[0]!;
export const cellCount = (layout: Layout): number => layout.rows * layout.columns;

/**
 * The grid that was last used, or the next smaller one where a study has fewer series: nobody asked for empty places.
 * Undefined where none is remembered.
 */
export function layoutFor(id: string | undefined, seriesCount: number): Layout | undefined {
  if (id === undefined) return undefined;
  const wanted = layoutOf(id);
  const isFilled = (layout: Layout): boolean => cellCount(layout) <= Math.max(1, seriesCount);
  if (isFilled(wanted)) return wanted;
  const fitting = layouts.filter((layout) => isFilled(layout) && cellCount(layout) < cellCount(wanted));
  return fitting.reduce((best, layout) => (cellCount(layout) > cellCount(best) ? layout : best));
}

/** What the page shows: a grid of stacks, three planes with 3D, 3D with three planes, a line through the patient, or its ribs. */
export type Mode = 'stack' | 'mpr' | '3d' | 'cpr' | 'ribs';
export const modes: readonly Mode[] = ['stack', 'mpr', '3d', 'cpr', 'ribs'];

/** Places of the reconstruction modes, in reading order. */
export const volumeCells = ['axial', 'coronal', 'sagittal', 'volume'] as const;

/** Places of the CPR layout: the first four are those of the reconstruction modes. */
export const cprCells = [...volumeCells, 'curved', 'straight', 'section'] as const;
export type CprCell = (typeof cprCells)[number];

/** Places of the rib layout: the first four are those of the reconstruction modes. */
export const ribsCells = [...volumeCells, 'ribs', 'spine'] as const;
export type RibsCell = (typeof ribsCells)[number];

/** Places of a reconstruction mode, by number. */
export const cellsOf = (mode: Exclude<Mode, 'stack'>): readonly string[] =>
  mode === 'cpr' ? cprCells : mode === 'ribs' ? ribsCells : volumeCells;
