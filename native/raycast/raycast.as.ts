// AssemblyScript. Rows of a picture of the volume seen by a camera: composite (RGBA8) or a
// projection (Float32 modality values). Rows should start even: packets are two rows high.
import { setSampling, setVolume } from '../sample/sample.as';
import { compositePacket, openComposite } from './composite.as';
import { openField } from './field.as';
import { groupPackets, openProjection, projectGroup } from './project.as';
import { openBlock, openPacket, param } from './rays.as';

function rows<T>(rowStart: i32, rowEnd: i32): void {
  openField<T>();
  const width = <i32>param(5);
  const out = <usize>param(68);
  for (let row = rowStart; row < rowEnd; row += 2) {
    const below = row + 1 < rowEnd;
    const line = out + ((<usize>(row * width)) << 2);
    if (param(46) === 0) {
      for (let column = 0; column < width; column += 2) {
        openPacket(column, row);
        compositePacket<T>(line + ((<usize>column) << 2), width, column + 1 < width, below);
      }
    } else {
      for (let column = 0; column < width; column += 2 * groupPackets)
        projectGroup<T>(line, column, min(column + 2 * groupPackets, width), row, width, below);
    }
  }
}

export function raycast(params: usize, rowStart: i32, rowEnd: i32): void {
  openBlock(params);
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
