import { dictionaryEntry, tagOfKeyword } from './dictionary.ts';
import { TagTable } from './tag-table.ts';
import type { Attributes } from './types.ts';
import { VR, vrCode } from './vr.ts';

/** How an attribute's value is decoded. */
export type Kind = 'uid' | 'code' | 'text' | 'name' | 'date' | 'number' | 'pixelValue';

export interface Wanted {
  /** Place in tables by attribute; the same attribute may have one in each table. */
  readonly index: number;
  readonly keyword: keyof Attributes;
  readonly vr: number;
  readonly kind: Kind;
  /** More than one value: an array. */
  readonly many: boolean;
  /** Leading spaces count (ST, LT, UT). */
  readonly isLong: boolean;
}

/** Attributes of the data set's top level; `*` marks arrays. */
const rootKeywords = `SpecificCharacterSet* ImageType* SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID
FrameOfReferenceUID PatientName PatientID IssuerOfPatientID PatientBirthDate PatientSex PatientAge PatientSize
PatientWeight PatientComments StudyDate StudyTime StudyID StudyDescription AccessionNumber ReferringPhysicianName
InstitutionName InstitutionalDepartmentName StationName Modality SeriesDate SeriesTime SeriesNumber SeriesDescription
ProtocolName BodyPartExamined Laterality ImageLaterality ViewPosition PatientPosition Manufacturer
ManufacturerModelName InstanceNumber AcquisitionDate AcquisitionTime ContentDate ContentTime
ImageComments DerivationDescription PatientOrientation* SliceLocation GantryDetectorTilt XRayTubeCurrent Exposure
ContrastBolusAgent SequenceName ScanningSequence* MagneticFieldStrength NumberOfFrames FrameTime
FrameTimeVector* RecommendedDisplayFrameRate CineRate NominalScannedPixelSpacing*
PixelAspectRatio* PixelSpacingCalibrationType EstimatedRadiographicMagnificationFactor DistanceSourceToPatient Units SUVType CorrectedImage*
DecayCorrection PixelPresentation LossyImageCompression LossyImageCompressionRatio* BurnedInAnnotation PresentationLUTShape
Rows Columns SamplesPerPixel PhotometricInterpretation PlanarConfiguration BitsAllocated BitsStored
HighBit PixelRepresentation PixelPaddingValue PixelPaddingRangeLimit FloatPixelPaddingValue FloatPixelPaddingRangeLimit
DoubleFloatPixelPaddingValue DoubleFloatPixelPaddingRangeLimit SmallestImagePixelValue LargestImagePixelValue
NumberOfTemporalPositions FrameReferenceTime ImageIndex NumberOfSlices
ConcatenationUID GridFrameOffsetVector* DoseGridScaling DoseUnits SliceVector* TimeSlotVector* EnergyWindowVector* RRIntervalVector* DocumentTitle MIMETypeOfEncapsulatedDocument`;

/** Attributes that functional groups may give per frame (PS3.3 C.7.6.16). */
const frameKeywords = `ImagePositionPatient* ImageOrientationPatient* PixelSpacing* SliceThickness SpacingBetweenSlices
RescaleSlope RescaleIntercept RescaleType WindowCenter* WindowWidth* WindowCenterWidthExplanation* VOILUTFunction FrameType* StackID
InStackPositionNumber DimensionIndexValues* TemporalPositionIdentifier TemporalPositionIndex TriggerTime EchoTime
EchoNumbers RepetitionTime InversionTime FlipAngle DiffusionBValue DiffusionGradientOrientation*
FrameAcquisitionDateTime FrameReferenceDateTime
NominalCardiacTriggerDelayTime NominalPercentageOfCardiacPhase
NominalPercentageOfRespiratoryPhase ComplexImageComponent ASLContext MonoenergeticEnergyEquivalent FrameLaterality
ImagerPixelSpacing* DistanceSourceToDetector DistanceSourceToIsocenter ObjectPixelSpacingInCenterOfBeam*
KVP ConvolutionKernel* AcquisitionNumber VelocityEncodingDirection* ReferencedSegmentNumber`;

const radiopharmaceuticalKeywords = `RadionuclideTotalDose RadionuclideHalfLife RadiopharmaceuticalStartTime
RadiopharmaceuticalStartDateTime`;

const kinds: Readonly<Record<string, Kind>> = {
  UI: 'uid',
  CS: 'code',
  AE: 'code',
  AS: 'code',
  PN: 'name',
  DA: 'date',
  TM: 'date',
  DT: 'date',
  XS: 'pixelValue',
};
const textual = ['LO', 'SH', 'ST', 'LT', 'UT', 'UC'];

function table(keywords: string, firstIndex: number): ReadonlyMap<number, Wanted> {
  const rows = new Map<number, Wanted>();
  for (const word of keywords.split(/\s+/)) {
    const many = word.endsWith('*');
    const keyword = many ? word.slice(0, -1) : word;
    const tag = tagOfKeyword(keyword);
    if (tag === undefined) throw new Error(`No such keyword: ${keyword}`);
    const vr = dictionaryEntry(tag)!.vr;
    const kind = kinds[vr] ?? (textual.includes(vr) ? 'text' : 'number');
    rows.set(tag, {
      index: firstIndex + rows.size,
      keyword: keyword as keyof Attributes,
      vr: vr === 'XS' ? VR.US : vrCode(vr),
      kind,
      many,
      isLong: vr === 'ST' || vr === 'LT' || vr === 'UT',
    });
  }
  return rows;
}

export const wantedAtRoot = new TagTable(table(`${rootKeywords} ${frameKeywords}`, 0));
export const wantedInFrames = new TagTable(table(frameKeywords, 200));
export const wantedInRadiopharmaceutical = new TagTable(table(radiopharmaceuticalKeywords, 300));
