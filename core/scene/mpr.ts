import {
  applyDirection,
  applyPoint,
  between,
  cross,
  dot,
  invert,
  length,
  moved,
  normalise,
  rotateAbout,
  scale,
  spacingMm,
} from '../geometry/matrices.ts';
import { indexAxisOfPatientAxis, type PlaneName } from '../geometry/orientation.ts';
import { orthonormalPlane, planeNormal, volumeCentre } from '../geometry/planes.ts';
import {
  type PatientPoint,
  type PatientVector,
  type Plane,
  patientPoint,
  patientVector,
  type Vec3,
  type VolumeGeometry,
} from '../geometry/types.ts';
import type { Projection } from './types.ts';

/** Three planes through one centre. Each keeps its own orthonormal basis, re-made after every turn (L30). */
export interface MprPlane {
  readonly right: PatientVector;
  readonly down: PatientVector;
  readonly slabMm: number;
  readonly projection: Projection;
}

export interface MprState {
  readonly centre: PatientPoint;
  readonly planes: Readonly<Record<PlaneName, MprPlane>>;
  readonly stepMm: number;
}

export type MprAction =
  | { readonly kind: 'move'; readonly centre: PatientPoint }
  /** Scrolls: the centre moves along the plane's normal. */
  | { readonly kind: 'step'; readonly plane: PlaneName; readonly count: number }
  /** Turns the lines seen in `plane` clockwise on its screen; `only` turns one of the other planes (free mode). */
  | {
      readonly kind: 'rotate';
      readonly plane: PlaneName;
      readonly angleRad: number;
      readonly only?: PlaneName;
    }
  | { readonly kind: 'slab'; readonly plane: PlaneName; readonly slabMm: number }
  | { readonly kind: 'projection'; readonly plane: PlaneName; readonly projection: Projection }
  | { readonly kind: 'axes'; readonly axes: 'anatomical' | 'acquisition' }
  /** Makes the planes perpendicular again after free turns; `keep` stays as it is. */
  | { readonly kind: 'square'; readonly keep: PlaneName };

export const planeNames: readonly PlaneName[] = ['axial', 'sagittal', 'coronal'];
export const slabMostMm = 200;

interface Axes {
  readonly left: PatientVector;
  readonly posterior: PatientVector;
  readonly head: PatientVector;
}

const anatomicalAxes: Axes = {
  left: patientVector(1, 0, 0),
  posterior: patientVector(0, 1, 0),
  head: patientVector(0, 0, 1),
};

/** The volume's own axes, named by the patient axes they are nearest to, made orthonormal. */
function acquisitionAxes({ patientFromIndex }: VolumeGeometry): Axes {
  const order = indexAxisOfPatientAxis(patientFromIndex);
  const towards = (patientAxis: 0 | 1 | 2): PatientVector => {
    const unit: Vec3 = [0, 1, 2].map((axis) => (axis === order[patientAxis] ? 1 : 0)) as unknown as Vec3;
    const v = applyDirection(patientFromIndex, unit);
    return patientVector(...scale(v, v[patientAxis] < 0 ? -1 : 1));
  };
  const { right, down } = orthonormalPlane(patientPoint(0, 0, 0), towards(0), towards(1));
  const normal = planeNormal({ origin: patientPoint(0, 0, 0), right, down });
  return { left: right, posterior: down, head: dot(normal, towards(2)) < 0 ? scale(normal, -1) : normal };
}

/** Patient's right on the left, anterior on top or on the left: as a radiologist hangs them. */
function basisOf(name: PlaneName, axes: Axes): Pick<MprPlane, 'right' | 'down'> {
  const feet = scale(axes.head, -1);
  if (name === 'axial') return { right: axes.left, down: axes.posterior };
  if (name === 'coronal') return { right: axes.left, down: feet };
  return { right: axes.posterior, down: feet };
}

const axesOf = (kind: 'anatomical' | 'acquisition', geometry: VolumeGeometry): Axes =>
  kind === 'anatomical' ? anatomicalAxes : acquisitionAxes(geometry);

/** Starts at the volume's centre; one step is the spacing of the acquired slices. */
export function startMpr(
  geometry: VolumeGeometry,
  kind: 'anatomical' | 'acquisition' = 'anatomical',
): MprState {
  const axes = axesOf(kind, geometry);
  const plane = (name: PlaneName): MprPlane => ({ ...basisOf(name, axes), slabMm: 0, projection: 'none' });
  const sliceSpacingMm = spacingMm(geometry.patientFromIndex)[2];
  return {
    centre: volumeCentre(geometry),
    planes: { axial: plane('axial'), sagittal: plane('sagittal'), coronal: plane('coronal') },
    stepMm: sliceSpacingMm > 0 ? sliceSpacingMm : 1,
  };
}

/** The centre never leaves the painted volume. */
function kept(geometry: VolumeGeometry, p: PatientPoint): PatientPoint {
  const inverse = invert(geometry.patientFromIndex);
  if (!inverse) return p;
  const index = applyPoint(inverse, p).map((x, axis) =>
    Math.min(Math.max(x, -0.5), geometry.size[axis]! - 0.5),
  );
  return patientPoint(...applyPoint(geometry.patientFromIndex, index as unknown as Vec3));
}

/** Moves along `by` as far as the painted volume goes, never sideways. */
function stepped(geometry: VolumeGeometry, from: PatientPoint, by: PatientVector): PatientPoint {
  const inverse = invert(geometry.patientFromIndex);
  if (!inverse) return from;
  const start = applyPoint(inverse, from);
  const move = applyDirection(inverse, by);
  const shares = move.map((d, axis) => {
    const border = d > 0 ? geometry.size[axis]! - 0.5 : -0.5;
    return Math.abs(d) < 1e-12 ? 1 : Math.max(0, (border - start[axis]!) / d);
  });
  return moved(from, by, Math.min(1, ...shares));
}

export const mprPlane = (state: MprState, name: PlaneName): Plane => ({
  origin: state.centre,
  right: state.planes[name].right,
  down: state.planes[name].down,
});

const isSameVector = (a: PatientVector, b: PatientVector): boolean => a.every((x, axis) => x === b[axis]);

/** The same state where it is so already: what changes nothing is nothing to take back. */
function change(state: MprState, name: PlaneName, part: Partial<MprPlane>): MprState {
  const was = state.planes[name];
  const { right, down, slabMm, projection } = { ...was, ...part };
  const isSame = isSameVector(right, was.right) && isSameVector(down, was.down);
  if (isSame && slabMm === was.slabMm && projection === was.projection) return state;
  return { ...state, planes: { ...state.planes, [name]: { ...state.planes[name], ...part } } };
}

function turnedPlane(state: MprState, name: PlaneName, axis: PatientVector, angleRad: number): MprState {
  const { right, down } = state.planes[name];
  const plane = orthonormalPlane(
    state.centre,
    rotateAbout(right, axis, angleRad),
    rotateAbout(down, axis, angleRad),
  );
  return change(state, name, { right: plane.right, down: plane.down });
}

/** Tips a plane by the least turn that gives it this normal, or its opposite where that is nearer. */
function tipped(state: MprState, name: PlaneName, towards: Vec3): MprState {
  const normal = planeNormal(mprPlane(state, name));
  const target = dot(normal, towards) < 0 ? scale(towards, -1) : towards;
  const axis = cross(normal, target);
  const sine = length(axis);
  if (sine < 1e-12) return state;
  const unit = patientVector(...scale(axis, 1 / sine));
  return turnedPlane(state, name, unit, Math.atan2(sine, dot(normal, target)));
}

/** `keep` stays, the next plane is tipped until it is perpendicular to it, the last one to both. */
function squared(state: MprState, keep: PlaneName): MprState {
  const [second, third] = planeNames.filter((name) => name !== keep) as [PlaneName, PlaneName];
  const first = planeNormal(mprPlane(state, keep));
  const leaning = planeNormal(mprPlane(state, second));
  // A plane that was turned into the kept one leans nowhere: the last plane says where it belongs, if it can.
  const candidates: readonly Vec3[] = [
    cross(cross(first, leaning), first),
    cross(planeNormal(mprPlane(state, third)), first),
    state.planes[keep].right,
  ];
  const normal = normalise(candidates.find((v) => length(v) > 1e-6) ?? first);
  return tipped(tipped(state, second, normal), third, cross(first, normal));
}

/** Pure: the next state. */
export function reduceMpr(state: MprState, action: MprAction, geometry: VolumeGeometry): MprState {
  switch (action.kind) {
    case 'move':
      return { ...state, centre: kept(geometry, action.centre) };
    case 'step': {
      const normal = planeNormal(mprPlane(state, action.plane));
      return {
        ...state,
        centre: stepped(geometry, state.centre, scale(normal, action.count * state.stepMm)),
      };
    }
    case 'rotate': {
      // right × down points away from the viewer, so a right-handed turn about it is clockwise on screen.
      const normal = planeNormal(mprPlane(state, action.plane));
      const others = planeNames.filter((n) => n !== action.plane && (!action.only || n === action.only));
      return others.reduce((s, name) => turnedPlane(s, name, normal, action.angleRad), state);
    }
    case 'slab':
      return change(state, action.plane, { slabMm: Math.min(Math.max(action.slabMm, 0), slabMostMm) });
    case 'projection':
      return change(state, action.plane, { projection: action.projection });
    case 'axes': {
      const axes = axesOf(action.axes, geometry);
      return planeNames.reduce((s, name) => change(s, name, basisOf(name, axes)), state);
    }
    case 'square':
      return squared(state, action.keep);
  }
}

/** Where the view of a plane is centred when it shows the whole volume: the volume's centre moved onto the plane. */
export function viewCentre(state: MprState, name: PlaneName, geometry: VolumeGeometry): PatientPoint {
  const normal = planeNormal(mprPlane(state, name));
  const centre = volumeCentre(geometry);
  return moved(centre, normal, dot(between(centre, state.centre), normal));
}
