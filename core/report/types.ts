import type { AortaRow } from '../analysis/lumen/aorta.ts';
import type { LineKind, StationMeasure, Stenosis } from '../analysis/types.ts';
import type { Vec3 } from '../geometry/types.ts';
import type { Moment } from '../terms/format-date.ts';
import type { Language } from '../terms/term.ts';
import type { GeometryVerdict } from '../volume/types.ts';

/** What a vessel report is made of: plain data, the same on a page, in a host and in a terminal. Lengths in mm. */

/** Whose report it is, as texts of the series' own data set; empty where it says nothing. */
export interface ReportHead {
  /** In the form to show first, and in Latin letters; the second is empty where it would repeat the first. */
  readonly name: string;
  readonly nameLatin: string;
  readonly patientId: string;
  /** DA, CS and AS as stored. */
  readonly birthDate: string;
  readonly sex: string;
  readonly age: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly institution: string;
  readonly study: string;
  readonly accessionNumber: string;
  readonly modality: string;
  readonly seriesNumber: string;
  readonly series: string;
}

/** A measured section; those without a lumen are left out. */
export type ReportStation = Omit<StationMeasure, 'open' | 'meanDiameterMm'>;

export interface ReportVessel {
  readonly lineId: string;
  /** Of the table of vessel names; null where `customName` says it. */
  readonly nameId: string | null;
  readonly customName: string;
  readonly kind: LineKind;
  readonly verdict: GeometryVerdict['kind'];
  /** Points were joined by a hand. */
  readonly isByHand: boolean;
  /** Some piece is straight, weak or out of range. */
  readonly isDoubtful: boolean;
  /** No contrast medium: stenoses are not computed, diameters are near those of the outer wall. */
  readonly isUnopacified: boolean;
  readonly lengthMm: number;
  /** Null for a line without a chord. */
  readonly tortuosity: number | null;
  /** Along the line, patient LPS. */
  readonly pointsMm: readonly Vec3[];
  readonly parent?: { readonly lineId: string; readonly atMm: number };
  readonly stations: readonly ReportStation[];
  readonly stenoses: readonly Stenosis[];
}

/** A picture as a data URL (JPEG or PNG). */
export interface ReportSection {
  readonly image: string;
  readonly sMm: number;
  readonly role: 'proximal' | 'narrowest' | 'distal' | 'other';
  /** Of the lumen, as fractions of the picture from its upper left corner. */
  readonly outline?: readonly (readonly [x: number, y: number])[];
}

export interface ReportPictures {
  /** The straightened picture, the line from left to right over its width but for `beyondMm` at each end. */
  readonly straightened?: string;
  readonly beyondMm?: number;
  readonly sections: readonly ReportSection[];
}

export interface VesselReport {
  readonly language: Language;
  readonly head: ReportHead;
  readonly vessels: readonly ReportVessel[];
  /** The one whose pictures and profile are shown. */
  readonly shown: number;
  readonly pictures: ReportPictures;
  readonly aorta: readonly AortaRow[];
  /** Local time of making. */
  readonly madeAt: Moment;
}
