/** What every object has that Candela derives: identity, provenance, and the modules common to its kinds. */
import type { Dataset, WriteElement, WriteValue } from '../write/element.ts';
import { element } from '../write/element.ts';
import { derivedName, shortText } from './derived-name.ts';

/** A stored instance that a derived object comes from. */
export interface SourceInstance {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
}

/** Where a derived object comes from. `inherited` is of `inheritedElements`. */
export interface DerivationSource {
  /** False where the values of a CT are known not to be HU (PS3.3 C.11.1.1.2): RescaleType says so then. */
  readonly isHu?: boolean;
  /** Low values of the source are white (MONOCHROME1, or a Presentation LUT Shape of INVERSE). */
  readonly isInverted?: true;
  readonly sopClassUID: string;
  readonly seriesInstanceUID: string;
  readonly inherited: Dataset;
  readonly instances: readonly SourceInstance[];
  /** Numbers of the series that the study has; absent where nobody knows. */
  readonly seriesNumbers?: readonly number[];
}

export interface Code {
  readonly value: string;
  readonly meaning: string;
}

export interface DerivedIdentity {
  readonly sopClassUID: string;
  readonly sopInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly seriesNumber: number;
  readonly seriesDescription: string;
  readonly instanceNumber: number;
  readonly imageType: readonly string[];
  /** English: what was done, for people. */
  readonly derivation: string;
  /** Of CID 7203, coding scheme DCM. */
  readonly codes: readonly Code[];
  /** `YYYYMMDD` and `HHMMSS` of now. */
  readonly date: string;
  readonly time: string;
}

/** More source images than this are named by their series only. */
const mostReferenced = 1024;

const codeItem = ({ value, meaning }: Code): Dataset => [
  element(0x00080100, 'SH', value),
  element(0x00080102, 'SH', 'DCM'),
  element(0x00080104, 'LO', meaning),
];

/** Type 2 attributes of the patient, study, series and equipment modules: there, if empty, in every object. */
const neverAbsent: readonly (readonly [tag: number, vr: string])[] = [
  [0x00100010, 'PN'],
  [0x00100020, 'LO'],
  [0x00100030, 'DA'],
  [0x00100040, 'CS'],
  [0x00080020, 'DA'],
  [0x00080030, 'TM'],
  [0x00080050, 'SH'],
  [0x00080090, 'PN'],
  [0x00200010, 'SH'],
  [0x00080070, 'LO'],
];

/**
 * Laterality (PS3.3 C.7.3.1) is kept where it says something; empty it may stand only where the part of the body is
 * not told either.
 */
function laterality(source: DerivationSource): Dataset {
  const said = (tag: number): boolean => !/^[\s,]*$/.test(String(inheritedValue(source, tag) ?? ''));
  return said(bodyPartTag) || said(lateralityTag) ? [] : [element(lateralityTag, 'CS', '')];
}

const bodyPartTag = 0x00180015;
const lateralityTag = 0x00200060;

/** Later elements take the place of earlier ones with the same tag. */
export function mergedElements(...parts: readonly Dataset[]): Dataset {
  const byTag = new Map<number, WriteElement>();
  for (const one of parts.flat()) byTag.set(one.tag, one);
  return [...byTag.values()].sort((a, b) => (a.tag >>> 0) - (b.tag >>> 0));
}

export const inheritedValue = ({ inherited }: DerivationSource, tag: number): WriteValue | undefined =>
  inherited.find((one) => one.tag === tag)?.value;

const references = ({ instances }: DerivationSource): Dataset[] =>
  instances
    .slice(0, mostReferenced)
    .map(({ sopClassUID, sopInstanceUID }) => [
      element(0x00081150, 'UI', sopClassUID),
      element(0x00081155, 'UI', sopInstanceUID),
    ]);

function provenance(source: DerivationSource, identity: DerivedIdentity): Dataset {
  const instances = references(source);
  const purpose = codeItem({ value: '121322', meaning: 'Source image for image processing operation' });
  return [
    element(0x00082111, 'ST', [...identity.derivation].slice(0, 1024).join('')),
    element(0x00089215, 'SQ', identity.codes.map(codeItem)),
    ...(instances.length === 0 || source.instances.length > mostReferenced
      ? []
      : [
          element(
            0x00082112,
            'SQ',
            instances.map((item) => [...item, element(0x0040a170, 'SQ', [purpose])]),
          ),
        ]),
    ...(instances.length === 0
      ? []
      : [
          element(0x00081115, 'SQ', [
            [element(0x0008114a, 'SQ', instances), element(0x0020000e, 'UI', source.seriesInstanceUID)],
          ]),
        ]),
    // Which program made it; Manufacturer and the like stay those of the scanner.
    element(0x0018a001, 'SQ', [
      [
        element(0x00080070, 'LO', 'Candela'),
        element(0x0040a170, 'SQ', [codeItem({ value: '109102', meaning: 'Processing Equipment' })]),
      ],
    ]),
  ];
}

/** All but the picture and its geometry; `more` wins over what is inherited. */
export function derivedObject(source: DerivationSource, identity: DerivedIdentity, more: Dataset): Dataset {
  const { date, time } = identity;
  return mergedElements(
    neverAbsent.map(([tag, vr]) => element(tag, vr, '')),
    source.inherited.filter(({ tag, value }) => tag !== lateralityTag || String(value).trim() !== ''),
    laterality(source),
    [
      element(0x00080005, 'CS', 'ISO_IR 192'),
      element(0x00080008, 'CS', identity.imageType),
      element(0x00080012, 'DA', date),
      element(0x00080013, 'TM', time),
      element(0x00080016, 'UI', identity.sopClassUID),
      element(0x00080018, 'UI', identity.sopInstanceUID),
      element(0x00080021, 'DA', date),
      element(0x00080031, 'TM', time),
      element(0x00080023, 'DA', date),
      element(0x00080033, 'TM', time),
      element(0x0008103e, 'LO', shortText(identity.seriesDescription, 64)),
      element(0x0020000e, 'UI', identity.seriesInstanceUID),
      element(0x00200011, 'IS', identity.seriesNumber),
      element(0x00200013, 'IS', identity.instanceNumber),
    ],
    provenance(source, identity),
    more,
  );
}

/** A number for a derived series that shows which one it comes from, and no other series has: 3 → 301, then 302. */
export function derivedSeriesNumber(source: DerivationSource): number {
  const value = inheritedValue(source, 0x00200011);
  const number = Number(Array.isArray(value) ? value[0] : value);
  const first = Number.isInteger(number) && number > 0 && number < 1e7 ? number * 100 + 1 : 9001;
  const taken = new Set(source.seriesNumbers);
  // Past 99 of them the number would point to another source: better one twice.
  for (let n = first; n < first + 99; n++) if (!taken.has(n)) return n;
  return first;
}

/** The source series' description with what was done to it, as much as a description holds. */
export function derivedDescription(source: DerivationSource, what: string): string {
  const value = inheritedValue(source, 0x0008103e);
  return derivedName(String(Array.isArray(value) ? (value[0] ?? '') : (value ?? '')), what);
}
