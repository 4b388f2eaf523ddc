/** The DICOM attributes of phantom images: CT (PS3.3 A.3), MR (A.4) and PET (A.21) image objects. */
import { type Dataset, element, type WriteElement } from '../dicom/write/element.ts';
import {
  beatMs,
  type PhantomGeometry,
  type PhantomOptions,
  type PhantomPatient,
  phaseOf,
} from './options.ts';
import type { Contrast } from './tissue.ts';
import { phantomUid } from './uid.ts';

/** Image Comments (0020,4000) of every demo image: the viewer prints DEMO on them. */
export const demoMarker = 'CANDELA DEMO';

/** True for images that the phantom wrote, from their Image Comments. */
export const isDemo = (attributes: { readonly ImageComments?: string | undefined }): boolean =>
  attributes.ImageComments?.trim() === demoMarker;

export const demoPatient: PhantomPatient = {
  name: 'DEMO^PHANTOM=演示^体模',
  id: 'DEMO-001',
  birthDate: '19660606',
  sex: 'M',
};

export const sopClasses: Readonly<Record<Contrast, string>> = {
  ct: '1.2.840.10008.5.1.4.1.1.2',
  mr: '1.2.840.10008.5.1.4.1.1.4',
  pet: '1.2.840.10008.5.1.4.1.1.128',
};

/** Fluorine-18, as in the SUV worked example of L70: SUV 1 is 3619 Bq/mL. */
export const petDose = {
  injectedBq: 370e6,
  halfLifeS: 6588,
  delayS: 3600,
  weightKg: 70,
} as const;

export const becquerelPerMlOfSuv =
  (petDose.injectedBq * 2 ** (-petDose.delayS / petDose.halfLifeS)) / (petDose.weightKg * 1000);

export interface PhantomUids {
  readonly study: string;
  readonly series: string;
  readonly frameOfReference: string;
  instance(k: number): string;
}

export function phantomUids(options: PhantomOptions): PhantomUids {
  const seed = options.seed ?? 1;
  const key = options.seriesKey ?? options.contrast ?? 'ct';
  const seriesLabel = `series ${key}`;
  return {
    study: phantomUid(seed, 'study'),
    series: phantomUid(seed, seriesLabel),
    frameOfReference: phantomUid(seed, 'frame of reference'),
    instance: (k) =>
      phantomUid(
        seed,
        `${seriesLabel} instance ${options.phase?.index ? `${options.phase.index} ` : ''}${k}`,
      ),
  };
}

const studyDate = '20260105';
const studyTime = '091500';

function patientAndStudy(options: PhantomOptions, uids: PhantomUids): readonly WriteElement[] {
  const patient = options.patient ?? demoPatient;
  const demo = patient.id === demoPatient.id;
  return [
    element(0x00080005, 'CS', options.characterSet ?? 'ISO_IR 192'),
    element(0x00100010, 'PN', patient.name),
    element(0x00100020, 'LO', patient.id),
    element(0x00100030, 'DA', patient.birthDate ?? ''),
    element(0x00100040, 'CS', patient.sex ?? 'O'),
    element(0x00101010, 'AS', '059Y'),
    element(0x00101030, 'DS', petDose.weightKg),
    element(0x00104000, 'LT', demoMarker),
    element(0x0020000d, 'UI', uids.study),
    element(0x00080020, 'DA', studyDate),
    element(0x00080030, 'TM', studyTime),
    element(0x00080090, 'PN', ''),
    element(0x00200010, 'SH', demo ? 'DEMO' : '1'),
    element(0x00080050, 'SH', demo ? 'DEMO-CT' : ''),
    element(0x00081030, 'LO', options.studyDescription ?? 'Chest abdomen pelvis 胸腹盆'),
  ];
}

function series(options: PhantomOptions, uids: PhantomUids, contrast: Contrast): readonly WriteElement[] {
  return [
    element(0x00080060, 'CS', contrast === 'pet' ? 'PT' : contrast.toUpperCase()),
    element(0x0020000e, 'UI', uids.series),
    element(0x00200011, 'IS', options.seriesNumber ?? 2),
    element(0x00080021, 'DA', studyDate),
    element(0x00080031, 'TM', studyTime),
    element(0x0008103e, 'LO', options.seriesDescription ?? `${contrast.toUpperCase()} phantom`),
    element(0x00180015, 'CS', 'CHEST'),
    ...(contrast === 'pet' ? [] : [element(0x00185100, 'CS', 'HFS')]),
    element(0x00200052, 'UI', uids.frameOfReference),
    element(0x00201040, 'LO', ''),
    element(0x00080070, 'LO', 'Candela'),
    element(0x00080080, 'LO', 'Candela phantom 体模'),
    element(0x00081090, 'LO', 'Analytic body'),
    element(0x00181000, 'LO', `SEED-${options.seed ?? 1}`),
    element(0x00181020, 'LO', '1'),
  ];
}

function imagePlane(options: PhantomOptions, geometry: PhantomGeometry, k: number): readonly WriteElement[] {
  const number = (options.phase?.index ?? 0) * geometry.origins.length + k + 1;
  const origin = geometry.origins[k]!;
  const along = origin.reduce((sum, value, n) => sum + value * geometry.normal[n]!, 0);
  return [
    element(0x00180050, 'DS', geometry.thicknessMm),
    element(0x00200032, 'DS', origin),
    element(0x00200037, 'DS', [...geometry.row, ...geometry.column]),
    element(0x00201041, 'DS', along),
    element(0x00280030, 'DS', geometry.spacingMm),
    element(0x00280010, 'US', geometry.size[1]),
    element(0x00280011, 'US', geometry.size[0]),
    element(0x00200012, 'IS', 1),
    element(0x00200013, 'IS', number),
    element(0x00080022, 'DA', studyDate),
    element(0x00080032, 'TM', studyTime),
    element(0x00080023, 'DA', studyDate),
    element(0x00080033, 'TM', studyTime),
    element(0x00204000, 'LT', demoMarker),
  ];
}

/** Where in the heartbeat (PS3.3 C.8.13.5.4 and C.7.6.18). */
function heartPhase(options: PhantomOptions): readonly WriteElement[] {
  const { percent } = phaseOf(options);
  return [element(0x00181060, 'DS', (percent * beatMs) / 100), element(0x00209241, 'FL', percent)];
}

function pixelFormat(signed: boolean, bitsStored: number): readonly WriteElement[] {
  return [
    element(0x00280002, 'US', 1),
    element(0x00280004, 'CS', 'MONOCHROME2'),
    element(0x00280100, 'US', 16),
    element(0x00280101, 'US', bitsStored),
    element(0x00280102, 'US', bitsStored - 1),
    element(0x00280103, 'US', signed ? 1 : 0),
  ];
}

const window = (centre: number, width: number): readonly WriteElement[] => [
  element(0x00281050, 'DS', centre),
  element(0x00281051, 'DS', width),
];

function ctImage(options: PhantomOptions): readonly WriteElement[] {
  const signed = options.signed ?? false;
  return [
    element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'AXIAL']),
    element(0x00180060, 'DS', 120),
    element(0x00181120, 'DS', options.gantryTiltDeg ?? 0),
    element(0x00181151, 'IS', 220),
    element(0x00181150, 'IS', 500),
    element(0x00181210, 'SH', 'ANALYTIC'),
    element(0x00180010, 'LO', 'Iodinated (simulated)'),
    element(0x00281052, 'DS', signed ? 0 : -1024),
    element(0x00281053, 'DS', 1),
    element(0x00281054, 'LO', 'HU'),
    ...window(50, 400),
    ...pixelFormat(signed, signed ? 16 : 12),
  ];
}

function mrImage(): readonly WriteElement[] {
  return [
    element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY', 'OTHER']),
    element(0x00180020, 'CS', 'GR'),
    element(0x00180021, 'CS', 'SP'),
    element(0x00180022, 'CS', ''),
    element(0x00180023, 'CS', '3D'),
    element(0x00180080, 'DS', 4.2),
    element(0x00180081, 'DS', 1.9),
    element(0x00180083, 'DS', 1),
    element(0x00180087, 'DS', 1.5),
    element(0x00180091, 'IS', 1),
    element(0x00181314, 'DS', 12),
    ...window(600, 1200),
    ...pixelFormat(false, 12),
  ];
}

function petImage(k: number, slices: number, slope: number): readonly WriteElement[] {
  const code = (value: string, scheme: string, meaning: string): Dataset => [
    element(0x00080100, 'SH', value),
    element(0x00080102, 'SH', scheme),
    element(0x00080104, 'LO', meaning),
  ];
  return [
    element(0x00080008, 'CS', ['ORIGINAL', 'PRIMARY']),
    element(0x00541001, 'CS', 'BQML'),
    element(0x00541002, 'CS', 'EMISSION'),
    element(0x00541000, 'CS', ['WHOLE BODY', 'IMAGE']),
    element(0x00540081, 'US', slices),
    element(0x00541330, 'US', k + 1),
    element(0x00280051, 'CS', ['DECY', 'ATTN', 'SCAT', 'DTIM', 'RAN', 'NORM']),
    element(0x00541102, 'CS', 'START'),
    element(0x00181181, 'CS', 'NONE'),
    element(0x00541300, 'DS', 0),
    element(0x00181242, 'IS', 120000),
    element(0x00541321, 'DS', 1),
    element(0x00281052, 'DS', 0),
    element(0x00281053, 'DS', slope),
    element(0x00540016, 'SQ', [
      [
        element(0x00180031, 'LO', 'Fluorodeoxyglucose F^18^'),
        element(0x00181072, 'TM', '081500'),
        element(0x00181078, 'DT', `${studyDate}081500`),
        element(0x00181074, 'DS', petDose.injectedBq),
        element(0x00181075, 'DS', petDose.halfLifeS),
        element(0x00181076, 'DS', 0.967),
        element(0x00540300, 'SQ', [code('77004003', 'SCT', '^18^Fluorine')]),
        element(0x00540304, 'SQ', [code('35321007', 'SCT', 'Fluorodeoxyglucose F^18^')]),
      ],
    ]),
    element(0x00540410, 'SQ', [
      [
        ...code('102538003', 'SCT', 'recumbent'),
        element(0x00540412, 'SQ', [code('40199007', 'SCT', 'supine')]),
      ],
    ]),
    element(0x00540414, 'SQ', [code('102540008', 'SCT', 'headfirst')]),
    ...window(6 * becquerelPerMlOfSuv, 12 * becquerelPerMlOfSuv),
    ...pixelFormat(true, 16),
  ];
}

/** Every attribute of one image but Pixel Data. `petSlope` is the slice's Rescale Slope in Bq/mL. */
export function imageAttributes(
  options: PhantomOptions,
  geometry: PhantomGeometry,
  k: number,
  petSlope: number,
): Dataset {
  const uids = phantomUids(options);
  const contrast = options.contrast ?? 'ct';
  const slices = geometry.origins.length;
  return [
    element(0x00080016, 'UI', sopClasses[contrast]),
    element(0x00080018, 'UI', uids.instance(k)),
    ...patientAndStudy(options, uids),
    ...series(options, uids, contrast),
    ...imagePlane(options, geometry, k),
    ...(options.phase ? heartPhase(options) : []),
    ...(contrast === 'ct' ? ctImage(options) : contrast === 'mr' ? mrImage() : petImage(k, slices, petSlope)),
  ];
}
