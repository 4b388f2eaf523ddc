import * as v from 'valibot';
import { byte, text } from './common.ts';

/** Own presets of 3D that a machine keeps. */
export const ownPresetsMost = 60;
export const presetNameMost = 40;

const points = <T extends v.GenericSchema>(point: T) =>
  v.pipe(v.array(point), v.minLength(1), v.maxLength(64));

const transferSchema = v.object({
  unit: v.picklist(['modality', 'percentile', 'bodyPercentile']),
  opacity: points(v.object({ value: v.number(), opacity: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) })),
  colour: points(v.object({ value: v.number(), colour: v.tuple([byte, byte, byte]) })),
});

/** A transfer function that a person made of one of ours and gave a name. */
const ownPresetSchema = v.object({
  id: text(64),
  name: v.pipe(text(presetNameMost), v.nonEmpty()),
  /** What it was made of: its light, and the mask it is for. */
  presetId: text(64),
  transfer: transferSchema,
  /** As `VolumeScene.shiftHu`. */
  shift: v.number(),
});
export type OwnPreset = v.InferOutput<typeof ownPresetSchema>;

export const ownPresetsSchema = v.pipe(v.array(ownPresetSchema), v.maxLength(ownPresetsMost));
