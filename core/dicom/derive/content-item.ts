/** Items of a structured report's content tree (PS3.3 C.17.3), as data sets. */
import { type Dataset, decimalString, element, type WriteElement } from '../write/element.ts';
import { shortText } from './derived-name.ts';
import type { CodedConcept } from './segment-codes.ts';

export type Relationship =
  | 'CONTAINS'
  | 'HAS OBS CONTEXT'
  | 'HAS CONCEPT MOD'
  | 'HAS PROPERTIES'
  | 'INFERRED FROM';

export const dcmCode = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'DCM', meaning });
export const sctCode = (value: string, meaning: string): CodedConcept => ({ value, scheme: 'SCT', meaning });
export const ucumCode = (value: string, meaning: string): CodedConcept => ({
  value,
  scheme: 'UCUM',
  meaning,
});

export const codeSequence = (tag: number, { value, scheme, meaning }: CodedConcept): WriteElement =>
  element(tag, 'SQ', [
    [
      element(0x00080100, 'SH', value),
      element(0x00080102, 'SH', scheme),
      element(0x00080104, 'LO', shortText(meaning, 64)),
    ],
  ]);

/** A content item that hangs on another; the root has no relationship. */
function item(
  relationship: Relationship | null,
  type: string,
  name: CodedConcept | null,
  value: Dataset,
  children: readonly Dataset[] = [],
): Dataset {
  return [
    ...(relationship === null ? [] : [element(0x0040a010, 'CS', relationship)]),
    element(0x0040a040, 'CS', type),
    ...(name ? [codeSequence(0x0040a043, name)] : []),
    ...value,
    ...(children.length === 0 ? [] : [element(0x0040a730, 'SQ', children)]),
  ];
}

/** `template`: of DCMR, where the container is one. */
export const containerItem = (
  relationship: Relationship | null,
  name: CodedConcept,
  children: readonly Dataset[],
  template?: string,
): Dataset =>
  item(
    relationship,
    'CONTAINER',
    name,
    [
      element(0x0040a050, 'CS', 'SEPARATE'),
      ...(template === undefined
        ? []
        : [
            element(0x0040a504, 'SQ', [
              [element(0x00080105, 'CS', 'DCMR'), element(0x0040db00, 'CS', template)],
            ]),
          ]),
    ],
    children,
  );

export const codeItem = (
  relationship: Relationship,
  name: CodedConcept,
  value: CodedConcept,
  children?: readonly Dataset[],
): Dataset => item(relationship, 'CODE', name, [codeSequence(0x0040a168, value)], children);

export const textItem = (relationship: Relationship, name: CodedConcept, text: string): Dataset =>
  item(relationship, 'TEXT', name, [element(0x0040a160, 'UT', text)]);

export const uidItem = (relationship: Relationship, name: CodedConcept, uid: string): Dataset =>
  item(relationship, 'UIDREF', name, [element(0x0040a124, 'UI', uid)]);

/** A number with its unit: as many digits as a Decimal String holds, and all of them as a double. */
export const numberItem = (
  relationship: Relationship,
  name: CodedConcept,
  value: number,
  unit: CodedConcept,
  children?: readonly Dataset[],
): Dataset =>
  item(
    relationship,
    'NUM',
    name,
    [
      element(0x0040a300, 'SQ', [
        [
          codeSequence(0x004008ea, unit),
          element(0x0040a30a, 'DS', decimalString(value)),
          element(0x0040a161, 'FD', value),
        ],
      ]),
    ],
    children,
  );

export interface ImageReference {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
}

export const imageItem = (
  relationship: Relationship,
  { sopClassUID, sopInstanceUID }: ImageReference,
): Dataset =>
  item(relationship, 'IMAGE', null, [
    element(0x00081199, 'SQ', [
      [element(0x00081150, 'UI', sopClassUID), element(0x00081155, 'UI', sopInstanceUID)],
    ]),
  ]);

/** Most points whose coordinates a value of 16-bit length holds. */
const pointsMost = 1800;

/** Points in patient space (LPS mm). A line of more points than fit is thinned evenly, both ends kept. */
export function pointsItem(
  relationship: Relationship,
  name: CodedConcept,
  graphic: 'POINT' | 'POLYLINE',
  points: readonly (readonly [number, number, number])[],
  frameOfReferenceUID: string,
): Dataset {
  const count = Math.min(points.length, pointsMost);
  const kept = Array.from({ length: count }, (_, n) =>
    count === points.length ? points[n]! : points[Math.round((n * (points.length - 1)) / (count - 1))]!,
  );
  return item(relationship, 'SCOORD3D', name, [
    element(0x00700022, 'FL', kept.flat()),
    element(0x00700023, 'CS', graphic),
    element(0x30060024, 'UI', frameOfReferenceUID),
  ]);
}
