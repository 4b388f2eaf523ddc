import type { AttributeReader, Collected } from './attribute-reader.ts';
import { voiLutSequence } from './frame-luts.ts';
import { limits } from './limits.ts';
import { VR } from './vr.ts';
import { Token, type Walker } from './walker.ts';
import { wantedInFrames } from './wanted.ts';

/** Macros that say nothing of the frame itself: private ones, and references to other images (group 0008). */
const isAside = (macro: number): boolean => Math.floor(macro / 65536) % 2 === 1 || macro < 0x00090000;
const diffusionGradientDirection = 0x00189076;
export const realWorldMappings = 0x00409096;
/** What frames say under another tag than single images: of EchoTime, InversionTime, AcquisitionNumber. */
const ofFrames: ReadonlyMap<number, { readonly tag: number; readonly vr: number }> = new Map([
  [0x00189082, { tag: 0x00180081, vr: VR.FD }],
  [0x00189079, { tag: 0x00180082, vr: VR.FD }],
  [0x00209156, { tag: 0x00200012, vr: VR.US }],
]);
const frameVoiLut = 0x00289132;

/** Sequences of a frame that are more than attributes; the walker has just given their Token.Sequence. */
export interface GroupReaders {
  /** A real-world value mapping. */
  readonly onMapping: (frame: Collected) => void;
  /** The VOI LUTs of its window macro. */
  readonly onLuts: (frame: Collected) => void;
}
const noReaders: GroupReaders = { onMapping: () => undefined, onLuts: () => undefined };

/**
 * Reads a functional groups sequence (PS3.3 C.7.6.16) whose Token.Sequence the walker has just given: one object of
 * frame attributes an item. Only standard macros are looked at, one level deep (diffusion direction: two).
 */
export function readFunctionalGroups(
  walker: Walker,
  reader: AttributeReader,
  { onMapping, onLuts }: GroupReaders = noReaders,
): Collected[] {
  const frames: Collected[] = [];
  const base = walker.depth;
  let frame: Collected = {};
  let macro = 0;
  let inner = 0;
  for (;;) {
    const token = walker.next();
    const level = walker.depth - base;
    if (token === Token.End || (token === Token.SequenceEnd && level < 0)) return frames;
    if (token === Token.Item && level === 0) {
      frame = {};
      if (frames.length < limits.frames) frames.push(frame);
    } else if (token === Token.Sequence && level === 1) {
      macro = walker.tag;
      // A rescale, which stands before it in a frame, makes it needless.
      if (macro === realWorldMappings && frame['RescaleSlope'] === undefined) onMapping(frame);
    } else if (token === Token.Sequence && level === 2) {
      inner = walker.tag;
      if (inner === voiLutSequence && macro === frameVoiLut) onLuts(frame);
    } else if (token === Token.Element && level >= 1 && level <= 2 && !isAside(macro)) {
      if (level === 2 && inner !== diffusionGradientDirection) continue;
      readOne(walker, reader, frame);
    }
  }
}

function readOne(walker: Walker, reader: AttributeReader, frame: Collected): void {
  const alias = ofFrames.get(walker.tag);
  const wanted = wantedInFrames.get(alias?.tag ?? walker.tag);
  if (wanted === undefined || wanted.keyword in frame) return;
  reader.read(frame, alias ? { ...wanted, vr: alias.vr } : wanted, walker);
}
