import type { Problem } from '../base/problem.ts';

/** A person name (PS3.5 6.2): three groups, each as stored with `^` between components, decoded. */
export interface PersonName {
  readonly alphabetic: string;
  readonly ideographic?: string;
  readonly phonetic?: string;
}

/**
 * Attributes that index, list, picture texts, geometry and pixels need, named by DICOM keyword.
 * Absent means missing or unreadable in the file; nothing is ever defaulted here.
 * Multi-valued attributes are arrays. Dates are `YYYYMMDD`, times `HHMMSS[.ffffff]`, both as stored.
 */
export interface Attributes extends FrameAttributes {
  readonly SpecificCharacterSet?: readonly string[];
  readonly ImageType?: readonly string[];
  readonly SOPClassUID?: string;
  readonly SOPInstanceUID?: string;
  readonly StudyInstanceUID?: string;
  readonly SeriesInstanceUID?: string;
  readonly FrameOfReferenceUID?: string;
  readonly PatientName?: PersonName;
  readonly PatientID?: string;
  readonly IssuerOfPatientID?: string;
  readonly PatientBirthDate?: string;
  readonly PatientSex?: string;
  readonly PatientAge?: string;
  readonly PatientSize?: number;
  readonly PatientWeight?: number;
  readonly PatientComments?: string;
  readonly StudyDate?: string;
  readonly StudyTime?: string;
  readonly StudyID?: string;
  readonly StudyDescription?: string;
  readonly AccessionNumber?: string;
  readonly ReferringPhysicianName?: PersonName;
  readonly InstitutionName?: string;
  readonly InstitutionalDepartmentName?: string;
  readonly StationName?: string;
  readonly Modality?: string;
  readonly SeriesDate?: string;
  readonly SeriesTime?: string;
  readonly SeriesNumber?: number;
  readonly SeriesDescription?: string;
  readonly ProtocolName?: string;
  readonly BodyPartExamined?: string;
  readonly Laterality?: string;
  readonly ImageLaterality?: string;
  readonly ViewPosition?: string;
  readonly PatientPosition?: string;
  readonly Manufacturer?: string;
  readonly ManufacturerModelName?: string;
  readonly InstanceNumber?: number;
  readonly AcquisitionDate?: string;
  readonly AcquisitionTime?: string;
  readonly ContentDate?: string;
  readonly ContentTime?: string;
  readonly ImageComments?: string;
  readonly DerivationDescription?: string;
  readonly PatientOrientation?: readonly string[];
  readonly SliceLocation?: number;
  readonly GantryDetectorTilt?: number;
  readonly XRayTubeCurrent?: number;
  readonly Exposure?: number;
  readonly ContrastBolusAgent?: string;
  readonly SequenceName?: string;
  readonly ScanningSequence?: readonly string[];
  readonly MagneticFieldStrength?: number;
  readonly NumberOfFrames?: number;
  readonly FrameTime?: number;
  readonly FrameTimeVector?: readonly number[];
  readonly RecommendedDisplayFrameRate?: number;
  readonly CineRate?: number;
  readonly NominalScannedPixelSpacing?: readonly number[];
  readonly PixelAspectRatio?: readonly number[];
  readonly PixelSpacingCalibrationType?: string;
  readonly EstimatedRadiographicMagnificationFactor?: number;
  readonly DistanceSourceToPatient?: number;
  readonly Units?: string;
  readonly SUVType?: string;
  readonly CorrectedImage?: readonly string[];
  readonly DecayCorrection?: string;
  readonly RadionuclideTotalDose?: number;
  readonly RadionuclideHalfLife?: number;
  readonly RadiopharmaceuticalStartTime?: string;
  readonly RadiopharmaceuticalStartDateTime?: string;
  readonly PixelPresentation?: string;
  readonly LossyImageCompression?: string;
  readonly LossyImageCompressionRatio?: readonly number[];
  readonly BurnedInAnnotation?: string;
  readonly PresentationLUTShape?: string;
  readonly Rows?: number;
  readonly Columns?: number;
  readonly SamplesPerPixel?: number;
  readonly PhotometricInterpretation?: string;
  readonly PlanarConfiguration?: number;
  readonly BitsAllocated?: number;
  readonly BitsStored?: number;
  readonly HighBit?: number;
  readonly PixelRepresentation?: number;
  /** In stored-value units (PS3.3 C.7.5.1.1.2). */
  readonly PixelPaddingValue?: number;
  readonly PixelPaddingRangeLimit?: number;
  readonly FloatPixelPaddingValue?: number;
  readonly FloatPixelPaddingRangeLimit?: number;
  readonly DoubleFloatPixelPaddingValue?: number;
  readonly DoubleFloatPixelPaddingRangeLimit?: number;
  readonly SmallestImagePixelValue?: number;
  readonly LargestImagePixelValue?: number;
  readonly NumberOfTemporalPositions?: number;
  /** Of PET: ms from the start of the series, and the place among all images of it. */
  readonly FrameReferenceTime?: number;
  readonly ImageIndex?: number;
  readonly NumberOfSlices?: number;
  /** The same in all objects that one multi-frame image was cut into (PS3.3 C.7.6.16.2.2.4). */
  readonly ConcatenationUID?: string;
  /** RT dose: mm from the first frame along the normal (PS3.3 C.8.8.3.2). */
  readonly GridFrameOffsetVector?: readonly number[];
  /** RT dose: what a step of the stored values is worth (PS3.3 C.8.8.3), and whether that is in Gy. */
  readonly DoseGridScaling?: number;
  readonly DoseUnits?: string;
  /** NM: the slice of each frame, from 1 (PS3.3 C.8.4.8). */
  readonly SliceVector?: readonly number[];
  /** NM: the part of the heart's cycle of each frame, from 1. */
  readonly TimeSlotVector?: readonly number[];
  /** NM: the energy window and the R-R interval of each frame, from 1. */
  readonly EnergyWindowVector?: readonly number[];
  readonly RRIntervalVector?: readonly number[];
  readonly DocumentTitle?: string;
  readonly MIMETypeOfEncapsulatedDocument?: string;
}

/** What may differ per frame: top level of a single-frame object, or functional groups (PS3.3 C.7.6.16). */
export interface FrameAttributes {
  readonly ImagePositionPatient?: readonly number[];
  readonly ImageOrientationPatient?: readonly number[];
  /** [between rows, between columns] in mm. */
  readonly PixelSpacing?: readonly number[];
  readonly SliceThickness?: number;
  readonly SpacingBetweenSlices?: number;
  readonly RescaleSlope?: number;
  readonly RescaleIntercept?: number;
  readonly RescaleType?: string;
  /**
   * Not of DICOM: the rescale attribute that cannot be used. Slope and intercept are 1 and 0 then, the type is US
   * (unspecified), and values have no unit.
   */
  readonly RescaleUnreadable?: string;
  /**
   * Not of DICOM: the unit of a real-world value mapping, or of dose, that stands in the place of slope and intercept; empty
   * for pure numbers.
   */
  readonly RealWorldUnit?: string;
  readonly WindowCenter?: readonly number[];
  readonly WindowWidth?: readonly number[];
  readonly WindowCenterWidthExplanation?: readonly string[];
  readonly VOILUTFunction?: string;
  /** Not of DICOM: which of `Scan.frameVoiLuts` are the frame's; none where there is no such set. */
  readonly VoiLutSet?: number;
  readonly FrameType?: readonly string[];
  readonly StackID?: string;
  readonly InStackPositionNumber?: number;
  readonly DimensionIndexValues?: readonly number[];
  readonly TemporalPositionIdentifier?: number;
  readonly TemporalPositionIndex?: number;
  readonly TriggerTime?: number;
  readonly EchoTime?: number;
  readonly EchoNumbers?: number;
  readonly RepetitionTime?: number;
  readonly InversionTime?: number;
  readonly FlipAngle?: number;
  readonly DiffusionBValue?: number;
  readonly DiffusionGradientOrientation?: readonly number[];
  readonly AcquisitionNumber?: number;
  readonly KVP?: number;
  readonly ConvolutionKernel?: readonly string[];
  readonly FrameAcquisitionDateTime?: string;
  readonly FrameReferenceDateTime?: string;
  readonly NominalCardiacTriggerDelayTime?: number;
  /** Percent of the R-R interval, or of the breathing cycle. */
  readonly NominalPercentageOfCardiacPhase?: number;
  readonly NominalPercentageOfRespiratoryPhase?: number;
  readonly ComplexImageComponent?: string;
  /** Of flow, in the patient (LPS). */
  readonly VelocityEncodingDirection?: readonly number[];
  /** LABEL, CONTROL or M_ZERO_SCAN. */
  readonly ASLContext?: string;
  /** keV of a virtual monoenergetic image. */
  readonly MonoenergeticEnergyEquivalent?: number;
  readonly FrameLaterality?: string;
  readonly ImagerPixelSpacing?: readonly number[];
  readonly DistanceSourceToDetector?: number;
  readonly DistanceSourceToIsocenter?: number;
  readonly ObjectPixelSpacingInCenterOfBeam?: readonly number[];
  /** Not of DICOM: of an NM frame, by the vectors of its object, from 1. */
  readonly EnergyWindow?: number;
  readonly RRInterval?: number;
  /** Segment that a frame of a segmentation shows. */
  readonly ReferencedSegmentNumber?: number;
}

/** Byte range in the file. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

export type PixelLocation =
  | { readonly kind: 'none' }
  /** One range; frames follow each other (bit-packed when BitsAllocated is 1). */
  | {
      readonly kind: 'native';
      /** The element has VR OW in a big-endian data set: 8-bit samples lie in swapped pairs. */
      readonly words?: true;
      readonly element: 'PixelData' | 'FloatPixelData' | 'DoubleFloatPixelData';
      readonly range: ByteRange;
    }
  /** `frames[f]` = the fragments of frame f, in order (item headers excluded). */
  | { readonly kind: 'encapsulated'; readonly frames: readonly (readonly ByteRange[])[] };

/** A lookup table (PS3.3 C.11.1, C.11.2, C.7.6.3.1.5): `firstMapped` in input units. */
export interface LookupTable {
  readonly firstMapped: number;
  readonly bits: number;
  readonly data: Uint16Array;
  readonly explanation?: string;
  readonly type?: string;
}

export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
}

/** An overlay plane (PS3.3 C.9.2). `data` is unpacked to one byte a pixel; absent = embedded in `bitPosition`. */
export interface Overlay {
  readonly group: number;
  readonly rows: number;
  readonly columns: number;
  /** [row, column], 1-based, of the image. */
  readonly origin: readonly [number, number];
  readonly type: 'G' | 'R';
  readonly frames: number;
  readonly firstFrame: number;
  readonly bitPosition: number;
  readonly data?: Uint8Array;
  readonly label?: string;
}

/** Display shutter (PS3.3 C.7.6.11): everything outside all named shapes is masked. 1-based image pixels. */
export interface Shutter {
  readonly rectangle?: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly circle?: { readonly row: number; readonly column: number; readonly radius: number };
  readonly polygon?: readonly (readonly [number, number])[];
  readonly presentationValue?: number;
}

/** Ultrasound region (PS3.3 C.8.5.5). */
export interface UltrasoundRegion {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly spatialFormat: number;
  readonly physicalUnitsX: number;
  readonly physicalUnitsY: number;
  readonly physicalDeltaX: number;
  readonly physicalDeltaY: number;
}

/** Slices tiled in one frame, row by row (Siemens mosaic, United Imaging grid). */
export interface Mosaic {
  readonly slices: number;
  /** `square`: as many rows of tiles as columns; `rows`: no more rows than needed. */
  readonly layout: 'square' | 'rows';
  /** Direction in which slices follow each other (LPS); absent = row × column. */
  readonly sliceNormal?: readonly number[];
  /** ImagePositionPatient of each slice; absent = from the frame's position and SpacingBetweenSlices. */
  readonly positions?: readonly (readonly number[])[];
}

/** The header scan of one file: everything later steps need, so that nothing is parsed twice. */
export interface Scan {
  readonly transferSyntaxUID: string;
  /** First byte after group 0002 (in the file as stored). `datasetSha256` covers from here to the end. */
  readonly datasetOffset: number;
  /** True when ranges refer to the inflated data set (deflated transfer syntaxes). */
  readonly deflated: boolean;
  readonly attributes: Attributes;
  readonly sharedFrame?: FrameAttributes;
  readonly perFrame?: readonly FrameAttributes[];
  readonly pixel: PixelLocation;
  readonly modalityLut?: LookupTable;
  readonly voiLuts?: readonly LookupTable[];
  /** Of functional groups, each set once; `VoiLutSet` of a frame tells its own. */
  readonly frameVoiLuts?: readonly (readonly LookupTable[])[];
  readonly palette?: Palette;
  readonly overlays?: readonly Overlay[];
  readonly shutter?: Shutter;
  readonly regions?: readonly UltrasoundRegion[];
  readonly mosaic?: Mosaic;
  /** Which character set texts were decoded with when the declared one could not be true. */
  readonly charsetGuess?: 'GB18030' | 'UTF-8';
  /** A DICOMDIR (Media Storage Directory): listed, never stored as an image. */
  readonly isDirectory: boolean;
  /** Faults that leave the file readable, as flags on the stored instance. */
  readonly flags: readonly Problem[];
}
