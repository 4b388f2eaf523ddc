import { bodyMask, tableMask } from '../../../core/analysis/mask/body.ts';
import { bonesMask } from '../../../core/analysis/mask/bones.ts';
import { maskNrrd } from '../../../core/analysis/mask/label-nrrd.ts';
import { airwaysMask, lungsMask } from '../../../core/analysis/mask/lungs.ts';
import { maskVolume } from '../../../core/analysis/mask/mask.ts';
import { sliceSources } from '../../../core/analysis/mask/slice-sources.ts';
import { thresholdMask } from '../../../core/analysis/mask/threshold.ts';
import type { ScalarField, VoxelMask } from '../../../core/analysis/types.ts';
import { problem } from '../../../core/base/problem.ts';
import type { Result } from '../../../core/base/result.ts';
import { derivedDescription, derivedSeriesNumber } from '../../../core/dicom/derive/derived-object.ts';
import { segmentCodes } from '../../../core/dicom/derive/segment-codes.ts';
import { encodeSegmentation, segmentationSopClass } from '../../../core/dicom/derive/segmentation.ts';
import { candelaImplementation } from '../../../core/dicom/write/encode.ts';
import { type MaskName, maskName } from '../../../core/terms/mask.ts';
import { formatNumber, say } from '../../../core/terms/term.ts';
import { dicomNow, newUid } from '../../host/derive/derived-uid.ts';
import { analysisField } from '../analysis-field.ts';
import { numbersOf } from '../arguments.ts';
import { type Command, CommandFailure, exitCodes, need, unlessInterrupted } from '../command.ts';
import { endOf, sourceOf, toldVolume } from '../draw-volume.ts';
import { type LoadedVolume, loadVolume } from '../load-volume.ts';
import { needed, wrong } from '../picture-options.ts';
import { writeOutput } from '../write-output.ts';

interface Asked {
  readonly name: MaskName;
  /** Values in HU are presumed. */
  readonly needsCt: boolean;
  readonly make: (field: ScalarField) => Result<VoxelMask>;
}

const makers: Readonly<Record<string, (field: ScalarField) => Result<VoxelMask>>> = {
  body: (field) => bodyMask(field),
  table: (field) => tableMask(field),
  bones: (field) => bonesMask(field),
  lungs: (field) => lungsMask(field),
  airways: (field) => airwaysMask(field),
};

/** `body`, `table`, … or `threshold:LO,HI`. */
function askedOf(what: string): Asked {
  if (Object.hasOwn(makers, what)) return { name: maskName(what)!, needsCt: true, make: makers[what]! };
  const range = /^threshold:(.+)$/.exec(what)?.[1];
  if (range === undefined) throw wrong('--what', what);
  const [low, high] = need(numbersOf('what', range, 2), exitCodes.wrongUsage) as [number, number];
  if (low > high) throw wrong('--what', what);
  return { name: maskName('region')!, needsCt: false, make: (field) => thresholdMask(field, { low, high }) };
}

/** The mask as a DICOM Segmentation of the study. */
async function segmentationFile(loaded: LoadedVolume, mask: VoxelMask, { name }: Asked): Promise<Uint8Array> {
  const { plan, group, geometry, attributes } = loaded;
  const source = await sourceOf(loaded);
  const identity = {
    sopInstanceUID: newUid(),
    seriesInstanceUID: newUid(),
    seriesNumber: derivedSeriesNumber(source),
    seriesDescription: derivedDescription(source, name.en),
    instanceNumber: 1,
    ...dicomNow(Date.now()),
  };
  const segment = {
    label: name.en,
    codes: segmentCodes(name.id),
    colour: name.colour,
    algorithm: 'AUTOMATIC',
    bits: mask.bits,
  } as const;
  const bytes = encodeSegmentation(source, identity, {
    geometry,
    segments: [segment],
    sources: sliceSources(plan, group),
    frameOfReferenceUID: attributes.FrameOfReferenceUID ?? newUid(),
    dimensionOrganizationUID: newUid(),
    contentLabel: name.id.toUpperCase(),
    contentDescription: name.en,
    creator: '',
    softwareVersion: candelaImplementation.versionName,
  });
  if (!bytes) throw new CommandFailure(problem('MASK_EMPTY'));
  return bytes;
}

/** Finds a part of the body, or values of a range, and writes it as a DICOM Segmentation or NRRD labels. */
export const segmentCommand: Command = {
  name: 'segment',
  usage:
    'SERIES|STUDY|PATH --what body|table|bones|lungs|airways|threshold:LO,HI [--out FILE.dcm|.nrrd] [--group NAME] [--json] [--data DIR]',
  options: ['what', 'out', 'group'].map((name) => ({ name, takesValue: true })),
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const what = needed(args, 'what');
    const asked = askedOf(what);
    const out = args.values.get('out');
    if (out !== undefined && !/\.(dcm|nrrd)$/i.test(out)) throw wrong('--out', out);
    const loading = loadVolume(args.positionals[0]!, { group: args.values.get('group') }, context);
    const loaded = await unlessInterrupted(loading, context.signal);
    const { geometry, plan, attributes } = loaded;
    const modality = attributes.Modality ?? plan.common.Modality ?? '';
    if (asked.needsCt && modality !== 'CT') throw new CommandFailure(problem('MASK_NEEDS_CT', { modality }));
    const mask = need(asked.make(analysisField(loaded)));
    const { voxels, volumeMl, touchesBorder } = need(maskVolume(mask, geometry));
    if (out !== undefined) {
      const isDicom = out.toLowerCase().endsWith('.dcm');
      const bytes = isDicom ? await segmentationFile(loaded, mask, asked) : maskNrrd(geometry, mask);
      await writeOutput(out, bytes);
    }
    const told = toldVolume(loaded, context);
    const json = {
      what,
      name: say(context.language, asked.name),
      volumeMl: Math.round(volumeMl * 1000) / 1000,
      voxels,
      touchesBorder,
      size: geometry.size,
      affine: geometry.patientFromIndex,
      ...(out?.toLowerCase().endsWith('.dcm') && { SOPClassUID: segmentationSopClass }),
      ...(out !== undefined && { out }),
      ...told,
    };
    return {
      ...endOf(loaded),
      json,
      text: `${json.name}  ${formatNumber(volumeMl, 1)} ml  ${told.verdict.kind}`,
    };
  },
};
