import { type Problem, problem } from '../../core/base/problem.ts';
import type { DerivationSource } from '../../core/dicom/derive/derived-object.ts';
import { isColourProjection } from '../../core/render/colour-slice.ts';
import { emptyPicture } from '../../core/scene/shows-nothing.ts';
import type { Scene } from '../../core/scene/types.ts';
import { problemText } from '../../core/terms/terms.ts';
import type { AnyVoxels } from '../../core/volume/resample.ts';
import { derivationSource } from '../host/derive/derivation-source.ts';
import { drawnVolume, tooLarge } from '../host/render/drawn-volume.ts';
import type { HostVolume } from '../host/render/volume-memory.ts';
import type { ParsedArguments } from './arguments.ts';
import { groupPlace } from './choice-notes.ts';
import { type CommandContext, CommandFailure, exitCodes, need, type Outcome } from './command.ts';
import { type LoadedVolume, loadFused } from './load-volume.ts';
import { adviceFor } from './reduction.ts';

/** The voxels in the memory that render threads share, ready for pictures of up to `pixels`. */
export function toHostVolume(loaded: LoadedVolume<AnyVoxels>, pixels: number): HostVolume {
  const volume = drawnVolume(loaded, pixels);
  if (!volume) throw new CommandFailure(adviceFor(tooLarge(loaded.voxels), loaded, pixels));
  return volume;
}

/** The volume of a scene's fusion layer, ready for the same pictures, and what was found wrong with it. */
export async function secondVolume(
  scene: Scene,
  first: LoadedVolume<AnyVoxels>,
  pixels: number,
): Promise<{ readonly volume: HostVolume | null; readonly problems: readonly Problem[] }> {
  if (scene.kind === 'curved' || !scene.fusion) return { volume: null, problems: [] };
  const loaded = await loadFused(scene.fusion, first);
  return { volume: toHostVolume(loaded, pixels), problems: loaded.problems };
}

/**
 * The scene as a volume of colours can be drawn: planes only, and of slabs only the mean. A slab that nobody named a mode
 * for is one. Ends the command with VOLUME_COLOUR or COLOUR_SLAB; scenes of values stay as they are.
 */
export function drawableScene<S extends Scene>(
  scene: S,
  { voxels }: Pick<LoadedVolume<AnyVoxels>, 'voxels'>,
  { values }: ParsedArguments,
): S {
  if (!(voxels instanceof Uint8Array)) return scene;
  if (scene.kind !== 'slice') throw new CommandFailure(problem('VOLUME_COLOUR'));
  if (isColourProjection(scene.projection)) return scene;
  if (values.has('mode') || !values.has('slab')) throw new CommandFailure(problem('COLOUR_SLAB'));
  return { ...scene, projection: 'mean' };
}

/** That a shaded picture is empty, whatever it is looked at from. */
export function problemsOfPreset(scene: Scene, volume: HostVolume): readonly Problem[] {
  const found = scene.kind === 'volume' ? emptyPicture(scene, volume) : null;
  return found ? [found] : [];
}

/** What objects derived from the volume take over. */
export async function sourceOf({ host, plan, group }: LoadedVolume): Promise<DerivationSource> {
  return need(
    await derivationSource((instanceKey) => host.call('instance.inherited', { instanceKey }), plan, group),
  );
}

/** How a command ends that made something of a volume: files that cannot be read were told when its path was opened. */
export const endOf = ({
  problems,
  broken,
}: Pick<LoadedVolume, 'problems' | 'broken'>): Pick<Outcome, 'exitCode' | 'problems'> => ({
  exitCode: problems.length > 0 ? exitCodes.doneWithProblems : exitCodes.done,
  problems: problems.filter((found) => !broken.includes(found)),
});

/** What every document about a drawn volume tells of it. */
export const toldVolume = (
  { group, plan, problems }: Pick<LoadedVolume, 'group' | 'plan' | 'problems'>,
  { language }: CommandContext,
) => ({
  verdict: group.verdict,
  group: group.nameEn || group.id,
  ...groupPlace({ group, plan }),
  SeriesInstanceUID: plan.common.SeriesInstanceUID ?? '',
  problems: problems.map((found) => ({ code: found.code, message: problemText(language, found).sentence })),
});
