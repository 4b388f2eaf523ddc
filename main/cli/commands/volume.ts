import { gzipSync } from 'node:zlib';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { Language } from '../../../core/terms/term.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { writeNifti } from '../../../core/volume/nifti.ts';
import { writeNrrd } from '../../../core/volume/nrrd.ts';
import type { AnyVoxels } from '../../../core/volume/resample.ts';
import type { GeometryVerdict } from '../../../core/volume/types.ts';
import { groupPlace } from '../choice-notes.ts';
import { type Command, CommandFailure, exitCodes, unlessInterrupted } from '../command.ts';
import { endOf } from '../draw-volume.ts';
import { exportByParts, unitOf, volumeBytes, wholeBytesMost } from '../export-parts.ts';
import { type ChosenVolume, chooseVolume, fetchVolume, type LoadedVolume } from '../load-volume.ts';
import { writeOutput } from '../write-output.ts';

function fileBytes(path: string, volume: LoadedVolume<AnyVoxels>, unit: string): Uint8Array | null {
  const lower = path.toLowerCase();
  if (lower.endsWith('.nrrd')) return writeNrrd(volume.geometry, volume.voxels, undefined, unit);
  if (lower.endsWith('.nii')) return writeNifti(volume.geometry, volume.voxels, 'Candela');
  if (lower.endsWith('.nii.gz'))
    return gzipSync(writeNifti(volume.geometry, volume.voxels, 'Candela'), { level: 6 });
  return null;
}

/** NIfTI-1 counts voxels along an axis in 16 bits. */
export function checkSizes(out: string, { geometry }: Pick<ChosenVolume, 'geometry'>): void {
  if (/\.nrrd$/i.test(out) || Math.max(...geometry.size) < 32_768) return;
  const count = Math.max(...geometry.size);
  throw new CommandFailure(problem('NIFTI_TOO_LONG', { count }, out), exitCodes.wrongUsage);
}

/** One slice is a volume as long as its files say how thick it is; a thickness that was made up stays a problem. */
const withStatedThickness = (chosen: ChosenVolume): ChosenVolume =>
  chosen.group.verdict.spacingSource === 'none'
    ? chosen
    : { ...chosen, problems: chosen.problems.filter(({ code }) => code !== 'GEOMETRY_ONE_SLICE') };

/** The verdict with its reasons in words. */
const toldVerdict = (verdict: GeometryVerdict, language: Language) => ({
  ...verdict,
  reasons: verdict.reasons.map((reason) => ({ ...reason, message: problemText(language, reason).sentence })),
});

/** Writes rescaled values on the regular grid: NRRD in LPS, NIfTI in RAS. Without a file, tells geometry and verdict. */
export const volumeCommand: Command = {
  name: 'volume',
  usage: 'SERIES|PATH [--out FILE.nrrd|.nii|.nii.gz] [--group NAME] [--json] [--data DIR]',
  options: [
    { name: 'out', takesValue: true },
    { name: 'group', takesValue: true },
  ],
  positionals: { least: 1, most: 1 },
  async run(args, context) {
    const out = args.values.get('out');
    if (out !== undefined && !/\.(nrrd|nii|nii\.gz)$/i.test(out))
      throw new CommandFailure(problem('INPUT_INVALID', { name: '--out', value: out }), exitCodes.wrongUsage);
    const write = async (): Promise<{ chosen: ChosenVolume; problems: readonly Problem[] }> => {
      const chosen = withStatedThickness(
        await chooseVolume(args.positionals[0]!, args.values.get('group'), context),
      );
      if (out === undefined) return { chosen, problems: chosen.problems };
      checkSizes(out, chosen);
      if (volumeBytes(chosen) > wholeBytesMost) {
        const met = await exportByParts(chosen, out, { signal: context.signal });
        return { chosen, problems: [...chosen.problems, ...met] };
      }
      const volume = await fetchVolume(chosen, 'lowest');
      await writeOutput(out, fileBytes(out, volume, unitOf(chosen))!, context.signal);
      return { chosen, problems: volume.problems };
    };
    const { chosen, problems } = await unlessInterrupted(write(), context.signal);
    const { plan, group, geometry } = chosen;
    const json = {
      size: geometry.size,
      affine: geometry.patientFromIndex,
      verdict: toldVerdict(group.verdict, context.language),
      group: group.nameEn || group.id,
      ...groupPlace(chosen),
      dimension: group.dimension ?? null,
      scalarType: group.scalarType,
      unit: unitOf(chosen),
      SeriesInstanceUID: plan.common.SeriesInstanceUID ?? '',
      problems: problems.map((found) => ({
        code: found.code,
        message: problemText(context.language, found).sentence,
      })),
    };
    const text = `${geometry.size.join('×')}  ${group.verdict.kind}  ${json.group}`;
    return { ...endOf({ problems, broken: chosen.broken }), json, text };
  },
};
