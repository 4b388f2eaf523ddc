// AssemblyScript. Rows of a picture of the volume seen by a camera: composite (RGBA8) or a
// projection (Float32 modality values). Rows should start even: packets are two rows high.
import { setSampling, setVolume } from '../sample/sample.as';
import { closeComposited, goOnComposited, openComposite, openComposited } from './composite.as';
import { openField } from './field.as';
import { openLayers } from './layers.as';
import { closeProjected, goOnProjected, openProjected, openProjection } from './project.as';
import { loadPacket, openBlock, openPacket, packetBytes, param, savePacket } from './rays.as';
import { modeBytes, nextOf } from './turns.as';

/** Packets side by side, and samples that each takes in its turn. */
const groupPackets: i32 = 16;
const turn: f32 = 48;
const stateBytes: usize = modeBytes + packetBytes;

/**
 * Two rows from `column` to before `columnEnd`. The packets go through the volume side by side, a stretch
 * of depth at a time: then the voxels that they share are still in the nearest cache.
 */
function group<T>(line: usize, column: i32, columnEnd: i32, row: i32, width: i32, below: bool): void {
  const composite = param(46) === 0;
  const states = <usize>param(119);
  let k = f32(Infinity);
  let state = states;
  for (let c = column; c < columnEnd; c += 2) {
    openPacket(c, row);
    savePacket(state + modeBytes);
    if (composite) openComposited(state);
    else openProjected<T>(state);
    k = min(k, nextOf(state));
    state += stateBytes;
  }
  while (k < f32(Infinity)) {
    const kStop = k + turn;
    k = f32(Infinity);
    state = states;
    for (let c = column; c < columnEnd; c += 2) {
      if (nextOf(state) < kStop) {
        loadPacket(state + modeBytes);
        if (composite) goOnComposited<T>(state, kStop);
        else goOnProjected<T>(state, kStop);
      }
      k = min(k, nextOf(state));
      state += stateBytes;
    }
  }
  state = states;
  for (let c = column; c < columnEnd; c += 2) {
    const out = line + ((<usize>c) << 2);
    if (composite) closeComposited(state, out, width, c + 1 < width, below);
    else closeProjected(state, out, width, c + 1 < width, below);
    state += stateBytes;
  }
}

function rows<T>(rowStart: i32, rowEnd: i32): void {
  openField<T>();
  const width = <i32>param(5);
  const out = <usize>param(68);
  for (let row = rowStart; row < rowEnd; row += 2) {
    const line = out + ((<usize>(row * width)) << 2);
    for (let column = 0; column < width; column += 2 * groupPackets)
      group<T>(line, column, min(column + 2 * groupPackets, width), row, width, row + 1 < rowEnd);
  }
}

export function raycast(params: usize, rowStart: i32, rowEnd: i32): void {
  openBlock(params);
  openLayers();
  const type = <i32>param(4);
  setVolume(<usize>param(0), <i32>param(1), <i32>param(2), <i32>param(3), type === 2 ? 4 : 2);
  // Bricks that met no padding spare the samples the search for it.
  const padded = param(72) !== 0 && (param(118) === 0 || load<i32>(<usize>param(118)) !== 0);
  setSampling(param(77) !== 0, padded, <f32>param(73));
  if (param(46) === 0) openComposite();
  else openProjection();
  if (type === 0) rows<i16>(rowStart, rowEnd);
  else if (type === 1) rows<u16>(rowStart, rowEnd);
  else rows<f32>(rowStart, rowEnd);
}
