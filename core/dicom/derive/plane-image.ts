/** A plane or slab cut from a volume, as a single-frame DICOM image of the source's kind. */
import { dot, moved } from '../../geometry/matrices.ts';
import { planeNormal } from '../../geometry/planes.ts';
import type { PatientPoint, Plane } from '../../geometry/types.ts';
import { type Dataset, element } from '../write/element.ts';
import {
  type DerivationSource,
  type DerivedIdentity,
  derivedObject,
  inheritedValue,
} from './derived-object.ts';
import { type StoredRescale, storedPadding, toStored } from './stored-range.ts';

const ctClass = '1.2.840.10008.5.1.4.1.1.2';
const mrClass = '1.2.840.10008.5.1.4.1.1.4';
const petClass = '1.2.840.10008.5.1.4.1.1.128';
const secondaryClass = '1.2.840.10008.5.1.4.1.1.7';

/** CT, MR and PET stay what they are, enhanced CT becomes CT; everything else is a Secondary Capture with geometry. */
export function planeSopClass(sourceClass: string): string {
  if ([ctClass, mrClass, petClass].includes(sourceClass)) return sourceClass;
  const enhancedCt = ['1.2.840.10008.5.1.4.1.1.2.1', '1.2.840.10008.5.1.4.1.1.2.2'];
  return enhancedCt.includes(sourceClass) ? ctClass : secondaryClass;
}

export const isPet = (sopClassUID: string): boolean => sopClassUID === petClass;

export interface PlaneImage {
  /** The picture's middle is `plane.origin`. */
  readonly plane: Plane;
  readonly columns: number;
  readonly rows: number;
  /** From pixel to pixel along both. */
  readonly spacingMm: number;
  readonly thicknessMm: number;
  /** Distance to the next plane; absent where the planes are not parallel. */
  readonly betweenMm?: number;
  /** Modality values row by row; NaN = no data. */
  readonly values: Float32Array;
  readonly rescale: StoredRescale;
  readonly window: { readonly centre: number; readonly width: number };
  /** How many images the series has, for PET. */
  readonly count: number;
  /** For a source that names none: planes of one series share one. */
  readonly frameOfReferenceUID: string;
}

/** Centre of the first pixel. */
export const firstPixel = ({ plane, columns, rows, spacingMm }: PlaneImage): PatientPoint =>
  moved(
    moved(plane.origin, plane.right, (-(columns - 1) / 2) * spacingMm),
    plane.down,
    (-(rows - 1) / 2) * spacingMm,
  );

function geometry(image: PlaneImage): Dataset {
  const { plane, betweenMm } = image;
  const position = firstPixel(image);
  return [
    element(0x00180050, 'DS', image.thicknessMm),
    ...(betweenMm === undefined
      ? []
      : [
          element(0x00180088, 'DS', Math.abs(betweenMm)),
          element(0x00201041, 'DS', dot(planeNormal(plane), position)),
        ]),
    element(0x00200032, 'DS', [...position]),
    element(0x00200037, 'DS', [...plane.right, ...plane.down]),
    element(0x00280030, 'DS', [image.spacingMm, image.spacingMm]),
  ];
}

function pixels(image: PlaneImage, rescaleType: string, isInverted: boolean): Dataset {
  const stored = toStored(image.values, image.rescale);
  return [
    element(0x00280002, 'US', 1),
    element(0x00280004, 'CS', isInverted ? 'MONOCHROME1' : 'MONOCHROME2'),
    element(0x00280010, 'US', image.rows),
    element(0x00280011, 'US', image.columns),
    element(0x00280100, 'US', 16),
    element(0x00280101, 'US', 16),
    element(0x00280102, 'US', 15),
    element(0x00280103, 'US', 1),
    element(0x00280120, 'SS', storedPadding),
    element(0x00281050, 'DS', image.window.centre),
    element(0x00281051, 'DS', image.window.width),
    element(0x00281052, 'DS', image.rescale.intercept),
    element(0x00281053, 'DS', image.rescale.slope),
    ...(rescaleType === '' ? [] : [element(0x00281054, 'LO', rescaleType)]),
    element(0x7fe00010, 'OW', stored),
  ];
}

/** What the kind of image demands beside what is inherited (type 1 and 2 attributes that may be missing). */
function kindElements(
  source: DerivationSource,
  sopClassUID: string,
  image: PlaneImage,
  number: number,
): Dataset {
  const has = (tag: number): boolean => inheritedValue(source, tag) !== undefined;
  const empty = (tag: number, vr: string): Dataset => (has(tag) ? [] : [element(tag, vr, '')]);
  switch (sopClassUID) {
    case ctClass:
      return [...empty(0x00180060, 'DS'), ...empty(0x00200012, 'IS'), ...empty(0x00185100, 'CS')];
    case mrClass:
      return [0x00180022, 0x00180023, 0x00185100, 0x00180081, 0x00180091].flatMap((tag) =>
        empty(tag, tag === 0x00180081 ? 'DS' : tag === 0x00180091 ? 'IS' : 'CS'),
      );
    case petClass:
      return [
        element(0x00540081, 'US', image.count),
        element(0x00541330, 'US', number),
        ...[0x00540016, 0x00540410, 0x00540414].flatMap((tag) => (has(tag) ? [] : [element(tag, 'SQ', [])])),
        ...empty(0x00280051, 'CS'),
        ...empty(0x00181181, 'CS'),
      ];
    default:
      return [element(0x00080064, 'CS', 'WSD'), element(0x00200020, 'CS', '')];
  }
}

/** The whole data set of one plane, ready for `encodePart10`. */
export function planeImage(
  source: DerivationSource,
  identity: Omit<DerivedIdentity, 'sopClassUID'>,
  image: PlaneImage,
): Dataset {
  const sopClassUID = planeSopClass(source.sopClassUID);
  const isHu = sopClassUID === ctClass && source.isHu !== false;
  const rescaleType = isHu ? 'HU' : [ctClass, secondaryClass].includes(sopClassUID) ? 'US' : '';
  const frame: Dataset = [
    element(0x00200052, 'UI', image.frameOfReferenceUID),
    element(0x00201040, 'LO', ''),
  ];
  return derivedObject(source, { ...identity, sopClassUID }, [
    ...frame.filter(({ tag }) => !String(inheritedValue(source, tag) ?? '').trim()),
    ...kindElements(source, sopClassUID, image, identity.instanceNumber),
    ...geometry(image),
    ...pixels(image, rescaleType, source.isInverted === true),
  ]);
}
