/** Measurements along vessels as one DICOM object: Comprehensive 3D SR, TID 1500 with groups by TID 1501 (L65). */
import type { Vec3 } from '../../geometry/types.ts';
import { type Dataset, element } from '../write/element.ts';
import { candelaImplementation, encodePart10 } from '../write/encode.ts';
import { explicitLittleEndian, type WriteSyntax } from '../write/transfer-syntax.ts';
import {
  codeItem,
  containerItem,
  dcmCode,
  imageItem,
  numberItem,
  pointsItem,
  sctCode,
  textItem,
  ucumCode,
  uidItem,
} from './content-item.ts';
import { shortText } from './derived-name.ts';
import { type DerivationSource, type DerivedIdentity, mergedElements } from './derived-object.ts';
import type { CodedConcept } from './segment-codes.ts';
import type { VesselSite } from './vessel-codes.ts';

export const comprehensive3dSrSopClass = '1.2.840.10008.5.1.4.1.1.88.34';

export interface MeasuredStenosis {
  /** A name for people, and one for programs that follow it up. */
  readonly label: string;
  readonly trackingUID: string;
  /** Of the narrowest section; patient LPS mm. */
  readonly pointMm: Vec3;
  readonly fromStartMm: number;
  readonly percentDiameter: number;
  /** Half of the 95 % interval, in points. */
  readonly uncertaintyPercent: number;
  readonly percentArea: number;
  readonly throatMm: number;
  readonly referenceMm: number;
  readonly rule: 'mean' | 'NASCET' | 'ECST';
  /** Below three voxels across: an estimate. */
  readonly isAtLimit: boolean;
}

export interface MeasuredSection {
  readonly pointMm: Vec3;
  readonly diameterMm: number;
  readonly uncertaintyMm: number;
  readonly areaMm2: number;
  readonly isAtLimit: boolean;
  readonly isUnopacified: boolean;
}

export interface MeasuredVessel {
  readonly label: string;
  readonly trackingUID: string;
  readonly site: VesselSite;
  /** Along the centreline; patient LPS mm. */
  readonly pointsMm: readonly Vec3[];
  readonly lengthMm: number;
  readonly tortuosity?: number;
  readonly isByHand: boolean;
  readonly narrowest?: MeasuredSection;
  readonly widest?: MeasuredSection;
  readonly stenoses: readonly MeasuredStenosis[];
}

export interface VesselMeasurements {
  /** Of the texts; meanings of codes are English. */
  readonly language: 'zh-CN' | 'en';
  readonly vessels: readonly MeasuredVessel[];
  /** Without one there are numbers, but no places. */
  readonly frameOfReferenceUID?: string;
  /** Of this making: who measured. */
  readonly deviceUID: string;
}

const mm = ucumCode('mm', 'mm');
const mm2 = ucumCode('mm2', 'square millimeter');
const percent = ucumCode('%', 'Percent');
const ratio = ucumCode('{ratio}', 'ratio');

const length = sctCode('410668003', 'Length');
const diameter = sctCode('397413000', 'Vessel lumen diameter');
const area = sctCode('397415007', 'Vessel lumen cross-sectional area');
const uncertainty = sctCode('371884006', '+/-, range of measurement uncertainty');
const method = sctCode('370129005', 'Measurement Method');
const path = dcmCode('121055', 'Path');
const center = dcmCode('111010', 'Center');

const own = (value: string, meaning: string): CodedConcept => ({ value, scheme: '99CANDELA', meaning });
const methods = {
  hand: own('LINEHAND', 'Centerline drawn by hand'),
  found: own('LINEFOUND', 'Centerline found along the lumen'),
  contour: own('HALFMAX', 'Lumen contour at half maximum, area-equivalent diameter'),
  wall: own('OUTERWALL', 'No contrast medium: diameter near that of the outer wall'),
  limit: own('DENSITY', 'Densitometric estimate at the limit of resolution'),
  mean: own('MEANREF', 'Mean of proximal and distal reference'),
  NASCET: dcmCode('122655', 'NASCET'),
  ECST: dcmCode('122656', 'ECST'),
} as const;

const by = (concept: CodedConcept): Dataset => codeItem('HAS CONCEPT MOD', method, concept);
const derivation = (code: CodedConcept): Dataset =>
  codeItem('HAS CONCEPT MOD', dcmCode('121401', 'Derivation'), code);
const least = sctCode('255605001', 'Minimum');
const largest = sctCode('56851009', 'Maximum');

type Place = (graphic: 'POINT' | 'POLYLINE', points: readonly Vec3[]) => Dataset[];

const placesIn =
  (frameOfReferenceUID: string | undefined): Place =>
  (graphic, points) =>
    frameOfReferenceUID === undefined
      ? []
      : [
          pointsItem(
            'INFERRED FROM',
            graphic === 'POINT' ? center : path,
            graphic,
            points,
            frameOfReferenceUID,
          ),
        ];

const unsure = (value: number, unit: CodedConcept): Dataset[] =>
  Number.isFinite(value) ? [numberItem('HAS PROPERTIES', uncertainty, value, unit)] : [];

function siteItem({ site, side }: VesselSite): Dataset {
  const sides = { left: sctCode('7771000', 'Left'), right: sctCode('24028007', 'Right') };
  return codeItem(
    'HAS CONCEPT MOD',
    sctCode('363698007', 'Finding Site'),
    site,
    side ? [codeItem('HAS CONCEPT MOD', sctCode('272741003', 'Laterality'), sides[side])] : [],
  );
}

const group = (
  label: string,
  trackingUID: string,
  finding: CodedConcept,
  site: VesselSite,
  numbers: readonly Dataset[],
): Dataset =>
  containerItem(
    'CONTAINS',
    dcmCode('125007', 'Measurement Group'),
    [
      textItem('HAS OBS CONTEXT', dcmCode('112039', 'Tracking Identifier'), label),
      uidItem('HAS OBS CONTEXT', dcmCode('112040', 'Tracking Unique Identifier'), trackingUID),
      codeItem('CONTAINS', dcmCode('121071', 'Finding'), finding),
      siteItem(site),
      ...numbers,
    ],
    '1501',
  );

function sectionNumbers(section: MeasuredSection | undefined, which: CodedConcept, place: Place): Dataset[] {
  if (!section) return [];
  const found = section.isAtLimit ? methods.limit : methods.contour;
  const how = by(section.isUnopacified ? methods.wall : found);
  const at = place('POINT', [section.pointMm]);
  return [
    numberItem('CONTAINS', diameter, section.diameterMm, mm, [
      derivation(which),
      how,
      ...unsure(section.uncertaintyMm, mm),
      ...at,
    ]),
    numberItem('CONTAINS', area, section.areaMm2, mm2, [derivation(which), how, ...at]),
  ];
}

function vesselGroup(vessel: MeasuredVessel, place: Place): Dataset {
  const { label, trackingUID, site, pointsMm, lengthMm, tortuosity, isByHand } = vessel;
  return group(label, trackingUID, site.site, site, [
    numberItem('CONTAINS', length, lengthMm, mm, [
      by(isByHand ? methods.hand : methods.found),
      ...place('POLYLINE', pointsMm),
    ]),
    ...(tortuosity === undefined
      ? []
      : [numberItem('CONTAINS', sctCode('15690004', 'tortuosity'), tortuosity, ratio)]),
    ...sectionNumbers(vessel.narrowest, least, place),
    ...sectionNumbers(vessel.widest, largest, place),
  ]);
}

function stenosisGroup(one: MeasuredStenosis, site: VesselSite, place: Place): Dataset {
  const at = place('POINT', [one.pointMm]);
  const rule = by(methods[one.rule]);
  return group(one.label, one.trackingUID, sctCode('415582006', 'Stenosis'), site, [
    numberItem('CONTAINS', sctCode('408715008', 'Lumen Diameter Stenosis'), one.percentDiameter, percent, [
      rule,
      ...unsure(one.uncertaintyPercent, percent),
      ...at,
    ]),
    numberItem('CONTAINS', sctCode('408714007', 'Lumen Area Stenosis'), one.percentArea, percent, [
      rule,
      ...at,
    ]),
    numberItem('CONTAINS', diameter, one.throatMm, mm, [
      derivation(least),
      by(one.isAtLimit ? methods.limit : methods.contour),
      ...at,
    ]),
    numberItem('CONTAINS', own('REFDIAM', 'Reference lumen diameter'), one.referenceMm, mm, [rule]),
    numberItem('CONTAINS', own('FROMSTART', 'Distance from start along centerline'), one.fromStartMm, mm),
  ]);
}

const observer = (deviceUID: string): readonly Dataset[] => [
  codeItem('HAS OBS CONTEXT', dcmCode('121005', 'Observer Type'), dcmCode('121007', 'Device')),
  uidItem('HAS OBS CONTEXT', dcmCode('121012', 'Device Observer UID'), deviceUID),
  textItem('HAS OBS CONTEXT', dcmCode('121013', 'Device Observer Name'), 'Candela'),
  textItem('HAS OBS CONTEXT', dcmCode('121014', 'Device Observer Manufacturer'), 'Candela'),
  textItem(
    'HAS OBS CONTEXT',
    dcmCode('121015', 'Device Observer Model Name'),
    candelaImplementation.versionName,
  ),
];

/** More source images than this are named by their series only. */
const mostReferenced = 1024;

function contentTree({ instances }: DerivationSource, about: VesselMeasurements): Dataset {
  const { language, vessels, deviceUID } = about;
  const place = placesIn(about.frameOfReferenceUID);
  const texts =
    language === 'zh-CN'
      ? { value: 'zh-CN', scheme: 'RFC5646', meaning: 'Chinese (China)' }
      : { value: 'en', scheme: 'RFC5646', meaning: 'English' };
  const images = instances.slice(0, mostReferenced).map((one) => imageItem('CONTAINS', one));
  return containerItem(
    null,
    dcmCode('126000', 'Imaging Measurement Report'),
    [
      codeItem('HAS CONCEPT MOD', dcmCode('121049', 'Language of Content Item and Descendants'), texts),
      ...observer(deviceUID),
      codeItem(
        'HAS CONCEPT MOD',
        dcmCode('121058', 'Procedure reported'),
        dcmCode('113073', 'Curved multiplanar reformatting'),
      ),
      ...(images.length === 0
        ? []
        : [
            containerItem(
              'CONTAINS',
              dcmCode('111028', 'Image Library'),
              [containerItem('CONTAINS', dcmCode('126200', 'Image Library Group'), images)],
              '1600',
            ),
          ]),
      containerItem(
        'CONTAINS',
        dcmCode('126010', 'Imaging Measurements'),
        vessels.flatMap((vessel) => [
          vesselGroup(vessel, place),
          ...vessel.stenoses.map((one) => stenosisGroup(one, vessel.site, place)),
        ]),
      ),
    ],
    '1500',
  );
}

/** Of what is inherited, only who and which study: a report has no scanner, no picture and no frame of its own. */
const isOfPatientOrStudy = (tag: number): boolean =>
  tag >>> 16 === 0x0010 || studyTags.has(tag) || tag === 0x00120062 || tag === 0x00120063;
const studyTags = new Set([
  0x0020000d, 0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00081030, 0x00200010, 0x00080080,
]);

const typeTwo: readonly (readonly [tag: number, vr: string])[] = [
  [0x00100010, 'PN'],
  [0x00100020, 'LO'],
  [0x00100030, 'DA'],
  [0x00100040, 'CS'],
  [0x00080020, 'DA'],
  [0x00080030, 'TM'],
  [0x00080050, 'SH'],
  [0x00080090, 'PN'],
  [0x00200010, 'SH'],
];

/** Study, series and images that the content refers to (C.17.2.3). */
function evidence({ inherited, seriesInstanceUID, instances }: DerivationSource): Dataset {
  if (instances.length === 0) return [];
  const study = String(inherited.find(({ tag }) => tag === 0x0020000d)?.value ?? '');
  const images = instances
    .slice(0, mostReferenced)
    .map(
      ({ sopClassUID, sopInstanceUID }): Dataset => [
        element(0x00081150, 'UI', sopClassUID),
        element(0x00081155, 'UI', sopInstanceUID),
      ],
    );
  return [
    element(0x0040a375, 'SQ', [
      [
        element(0x0020000d, 'UI', study),
        element(0x00081115, 'SQ', [
          [element(0x00081199, 'SQ', images), element(0x0020000e, 'UI', seriesInstanceUID)],
        ]),
      ],
    ]),
  ];
}

export type ReportIdentity = Pick<
  DerivedIdentity,
  'sopInstanceUID' | 'seriesInstanceUID' | 'seriesNumber' | 'seriesDescription' | 'date' | 'time'
>;

/** The report as a data set. */
export function structuredReport(
  source: DerivationSource,
  identity: ReportIdentity,
  about: VesselMeasurements,
): Dataset {
  const { date, time } = identity;
  return mergedElements(
    typeTwo.map(([tag, vr]) => element(tag, vr, '')),
    source.inherited.filter(({ tag }) => isOfPatientOrStudy(tag)),
    [
      element(0x00080005, 'CS', 'ISO_IR 192'),
      element(0x00080012, 'DA', date),
      element(0x00080013, 'TM', time),
      element(0x00080016, 'UI', comprehensive3dSrSopClass),
      element(0x00080018, 'UI', identity.sopInstanceUID),
      element(0x00080021, 'DA', date),
      element(0x00080031, 'TM', time),
      element(0x00080023, 'DA', date),
      element(0x00080033, 'TM', time),
      element(0x00080060, 'CS', 'SR'),
      element(0x00080070, 'LO', 'Candela'),
      // Whose own codes those of 99CANDELA are (PS3.3 C.12.1.1.11).
      element(0x00080110, 'SQ', [
        [element(0x00080102, 'SH', '99CANDELA'), element(0x00080115, 'ST', 'Candela')],
      ]),
      element(0x0008103e, 'LO', shortText(identity.seriesDescription, 64)),
      element(0x00081090, 'LO', 'Candela'),
      element(0x00081111, 'SQ', []),
      element(0x00181020, 'LO', candelaImplementation.versionName),
      element(0x0020000e, 'UI', identity.seriesInstanceUID),
      element(0x00200011, 'IS', identity.seriesNumber),
      element(0x00200013, 'IS', 1),
      element(0x0040a372, 'SQ', []),
      element(0x0040a491, 'CS', 'COMPLETE'),
      element(0x0040a493, 'CS', 'UNVERIFIED'),
    ],
    evidence(source),
    contentTree(source, about),
  );
}

/** The report as a Part 10 file. */
export const encodeStructuredReport = (
  source: DerivationSource,
  identity: ReportIdentity,
  about: VesselMeasurements,
  syntax: WriteSyntax = explicitLittleEndian,
): Uint8Array => encodePart10(structuredReport(source, identity, about), { syntax });
