import { archFromRight } from '../../../../core/analysis/curve/edit.ts';
import type { Centreline, LinePiece, LumenContour, ReferenceRule } from '../../../../core/analysis/types.ts';
import { type PatientPoint, patientPoint } from '../../../../core/geometry/types.ts';

/**
 * Centrelines of a study and how they are looked at: plain data that is undone, kept and exported. What can be worked
 * out again from the voxels (sampled lines, contours that nobody touched, numbers) is not part of it.
 */

/** Where a reader has put a lesion and its references, in mm along the line; null = as proposed. */
export interface LesionMarks {
  readonly fromMm: number;
  readonly toMm: number;
  readonly proximalMm: number | null;
  readonly distalMm: number | null;
}

export interface VesselLine {
  readonly line: Centreline;
  /** Width of its cross-sections and of its straightened picture. */
  readonly sectionMm: number;
  /** Contours changed by hand, ascending. */
  readonly edited: readonly LumenContour[];
  readonly lesion: LesionMarks | null;
  readonly rule: ReferenceRule;
}

/** The large picture of the CPR layout; `straightened` alone takes the whole left side. */
export type CprPicture = 'projected' | 'stretched' | 'straightened' | 'sheet' | 'volume' | 'fly';
export const cprPictures: readonly CprPicture[] = [
  'projected',
  'stretched',
  'straightened',
  'sheet',
  'volume',
  'fly',
];

export type CprProjection = 'mip' | 'mean';
export const cprSlabsMm: readonly number[] = [0, 1, 3, 5];
/** A panoramic picture sees through the whole row of teeth. */
export const archSlabsMm: readonly number[] = [0, 5, 10, 15, 20];

export const slabsOf = (line: VesselLine | null): readonly number[] =>
  line?.line.kind === 'dental' ? archSlabsMm : cprSlabsMm;

/** How a panoramic picture is first looked at. */
export const panoramicView = {
  picture: 'straightened',
  turnDeg: 0,
  slabMm: 15,
  projection: 'mean',
} as const satisfies Partial<CprView>;

/** How one picture lies in its viewport. */
export interface CprPlace {
  /** Millimetres of one CSS pixel; null = as large as fits. */
  readonly mmPerPx: number | null;
  /** The picture moved right and down, in mm. */
  readonly panXMm: number;
  readonly panYMm: number;
}

export interface CprView {
  readonly picture: CprPicture;
  /** About the centreline, −180 … 180. */
  readonly turnDeg: number;
  readonly slabMm: number;
  readonly projection: CprProjection;
  /** The flat picture at the cursor runs along the line instead of across it. */
  readonly isAlong: boolean;
  /** Along the active line. */
  readonly cursorMm: number;
  readonly places: Readonly<Record<'curved' | 'straight' | 'section', CprPlace>>;
}

/** What a curved picture is made by, beside its line and its place. */
export type CprLook = Pick<CprView, 'turnDeg' | 'slabMm' | 'projection'>;

export interface VesselState {
  readonly lines: readonly VesselLine[];
  readonly activeId: string | null;
  readonly view: CprView;
}

const fittedPlace: CprPlace = { mmPerPx: null, panXMm: 0, panYMm: 0 };

export const startCprView: CprView = {
  picture: 'projected',
  turnDeg: 0,
  slabMm: 0,
  projection: 'mip',
  isAlong: false,
  cursorMm: 0,
  places: { curved: fittedPlace, straight: fittedPlace, section: fittedPlace },
};

export const noVessels: VesselState = { lines: [], activeId: null, view: startCprView };

export type VesselAction =
  /** Adds a line, or puts it in the place of the one with its id; it becomes the active one. */
  | { readonly kind: 'put'; readonly line: VesselLine }
  | { readonly kind: 'remove'; readonly lineId: string }
  | { readonly kind: 'activate'; readonly lineId: string | null }
  | {
      readonly kind: 'name';
      readonly lineId: string;
      readonly nameId: string | null;
      readonly customName: string;
      readonly sectionMm?: number;
      readonly lineKind?: Centreline['kind'];
    }
  | { readonly kind: 'section'; readonly lineId: string; readonly sectionMm: number }
  | { readonly kind: 'lesion'; readonly lineId: string; readonly lesion: LesionMarks | null }
  | { readonly kind: 'rule'; readonly lineId: string; readonly rule: ReferenceRule }
  | { readonly kind: 'contour'; readonly lineId: string; readonly contour: LumenContour }
  /** Takes back what a hand did to the contour at `sMm`. */
  | { readonly kind: 'uncontour'; readonly lineId: string; readonly sMm: number }
  | { readonly kind: 'view'; readonly part: Partial<CprView> }
  | { readonly kind: 'place'; readonly of: keyof CprView['places']; readonly part: Partial<CprPlace> }
  | { readonly kind: 'fit' };

const roundMm = (mm: number): number => Math.round(mm * 1000) / 1000 + 0;

export const roundPoint = (p: PatientPoint): PatientPoint =>
  patientPoint(roundMm(p[0]), roundMm(p[1]), roundMm(p[2]));

const rounded = new WeakSet<object>();

export function roundPiece(piece: LinePiece): LinePiece {
  if (rounded.has(piece)) return piece;
  const made = { pointsMm: piece.pointsMm.map(roundPoint), state: piece.state };
  rounded.add(made);
  return made;
}

/** Points to 0.001 mm: what is shown now is what is shown after a restart. Pieces that are round stay the same objects. */
export function roundLine(line: Centreline): Centreline {
  return {
    ...line,
    controls: line.controls.map(({ pointMm, snapped }) => ({ pointMm: roundPoint(pointMm), snapped })),
    pieces: line.pieces.map(roundPiece),
    ...(line.parent && { parent: { lineId: line.parent.lineId, atMm: roundMm(line.parent.atMm) } }),
  };
}

export const roundContour = (contour: LumenContour): LumenContour => ({
  ...contour,
  sMm: roundMm(contour.sMm),
  centreMm: roundPoint(contour.centreMm),
  radiiMm: contour.radiiMm.map(roundMm),
});

/** Stations of one contour lie closer to each other than this never. */
const sameSectionMm = 0.25;
export const isSameSection = (a: number, b: number): boolean => Math.abs(a - b) < sameSectionMm;

const wrapped = (degrees: number): number => ((((degrees + 180) % 360) + 360) % 360) - 180 + 0;

export const activeLine = ({ lines, activeId }: VesselState): VesselLine | null =>
  lines.find(({ line }) => line.id === activeId) ?? null;

const withLine = (
  state: VesselState,
  lineId: string,
  change: (line: VesselLine) => VesselLine,
): VesselState => ({
  ...state,
  lines: state.lines.map((item) => (item.line.id === lineId ? change(item) : item)),
});

/** An arch that runs the wrong way is turned; contours belong to the frames of the course they were drawn in. */
export function withArch(item: VesselLine): VesselLine {
  const line = archFromRight(item.line);
  return line === item.line ? item : { ...item, line, lesion: null, edited: [] };
}

function put(state: VesselState, added: VesselLine): VesselState {
  const line = withArch({ ...added, line: roundLine(added.line) });
  const isKnown = state.lines.some((item) => item.line.id === line.line.id);
  const lines = isKnown
    ? state.lines.map((item) => (item.line.id === line.line.id ? line : item))
    : [...state.lines, line];
  return { ...state, lines, activeId: line.line.id };
}

/** Branches of a line that goes stay, on their own. */
function remove(state: VesselState, lineId: string): VesselState {
  const lines = state.lines
    .filter(({ line }) => line.id !== lineId)
    .map((item): VesselLine => {
      if (item.line.parent?.lineId !== lineId) return item;
      const { parent: _gone, ...line } = item.line;
      return { ...item, line };
    });
  const activeId = state.activeId === lineId ? (lines.at(-1)?.line.id ?? null) : state.activeId;
  return { ...state, lines, activeId, view: { ...state.view, cursorMm: 0 } };
}

function putContour(line: VesselLine, contour: LumenContour): VesselLine {
  const others = line.edited.filter(({ sMm }) => !isSameSection(sMm, contour.sMm));
  const made = roundContour({ ...contour, edited: true });
  return { ...line, edited: [...others, made].sort((a, b) => a.sMm - b.sMm) };
}

/** Every change of the vessel state; unknown lines change nothing. */
export function reduceVessel(state: VesselState, action: VesselAction): VesselState {
  switch (action.kind) {
    case 'put':
      return put(state, action.line);
    case 'remove':
      return state.lines.some(({ line }) => line.id === action.lineId) ? remove(state, action.lineId) : state;
    case 'activate':
      if (action.lineId === state.activeId) return state;
      return { ...state, activeId: action.lineId, view: { ...state.view, cursorMm: 0 } };
    case 'name':
      return withLine(state, action.lineId, (item) =>
        withArch({
          ...item,
          line: {
            ...item.line,
            nameId: action.nameId,
            customName: action.customName,
            kind: action.lineKind ?? item.line.kind,
          },
          sectionMm: action.sectionMm ?? item.sectionMm,
        }),
      );
    case 'section':
      return withLine(state, action.lineId, (item) => ({
        ...item,
        sectionMm: Math.min(200, Math.max(5, action.sectionMm)),
      }));
    case 'lesion':
      return withLine(state, action.lineId, (item) => ({ ...item, lesion: action.lesion }));
    case 'rule':
      return withLine(state, action.lineId, (item) => ({ ...item, rule: action.rule }));
    case 'contour':
      return withLine(state, action.lineId, (item) => putContour(item, action.contour));
    case 'uncontour':
      return withLine(state, action.lineId, (item) => ({
        ...item,
        edited: item.edited.filter(({ sMm }) => !isSameSection(sMm, action.sMm)),
      }));
    case 'view': {
      const view = { ...state.view, ...action.part };
      const cursorMm = Number.isFinite(view.cursorMm) ? roundMm(view.cursorMm) : 0;
      return { ...state, view: { ...view, cursorMm, turnDeg: wrapped(view.turnDeg) } };
    }
    case 'place': {
      const places = {
        ...state.view.places,
        [action.of]: { ...state.view.places[action.of], ...action.part },
      };
      return { ...state, view: { ...state.view, places } };
    }
    case 'fit':
      return { ...state, view: { ...state.view, places: startCprView.places } };
  }
}

/** Letters of a name follow each other closely: they are one step. */
const isRenaming = (a: VesselState['lines'], b: VesselState['lines']): boolean =>
  a.length === b.length &&
  a.every((item, n) => item.line.pieces === b[n]!.line.pieces && item.lesion === b[n]!.lesion) &&
  a.some((item, n) => item.line.customName !== b[n]!.line.customName);

/** What a hand changed between two states; null when nothing that is undone (the cursor and the choice of line are not). */
export function changeOfVessel(
  a: VesselState,
  b: VesselState,
): { readonly what: string; readonly isRunning: boolean } | null {
  if (a === b) return null;
  if (a.lines !== b.lines) return { what: 'vessel lines', isRunning: isRenaming(a.lines, b.lines) };
  const { view } = a;
  if (view === b.view) return null;
  if (view.picture !== b.view.picture || view.isAlong !== b.view.isAlong)
    return { what: 'vessel picture', isRunning: false };
  if (view.turnDeg !== b.view.turnDeg) return { what: 'vessel turn', isRunning: true };
  if (view.slabMm !== b.view.slabMm || view.projection !== b.view.projection)
    return { what: 'vessel slab', isRunning: true };
  return view.places === b.view.places ? null : { what: 'vessel place', isRunning: true };
}

/** A step back or forward: lines and views of then, the cursor of now where its line is still there. */
export function withVesselStep(then: VesselState, now: VesselState): VesselState {
  const isThere = then.lines.some(({ line }) => line.id === now.activeId);
  const activeId = isThere ? now.activeId : then.activeId;
  return { ...then, activeId, view: isThere ? { ...then.view, cursorMm: now.view.cursorMm } : then.view };
}
