// AssemblyScript. Rows of a picture of the volume seen by a camera: composite (RGBA8) or a
// projection (Float32 modality values). Rows should start even: packets are two rows high.
import { setSampling, setVolume } from '../sample/sample.as';
import { compositePacket, openComposite } from './composite.as';
import { openProjection, projectPacket } from './project.as';
import { openBlock, openPacket, param } from './rays.as';

function rows<T>(rowStart: i32, rowEnd: i32): void {
  const width = <i32>param(5);
  const composite = param(46) === 0;
  const out = <usize>param(68);
  for (let row = rowStart; row < rowEnd; row += 2) {
    for (let column = 0; column < width; column += 2) {
      openPacket(column, row);
      const at = out + ((<usize>(row * width + column)) << 2);
      const right = column + 1 < width;
      const below = row + 1 < rowEnd;
      if (composite) compositePacket<T>(at, width, right, below);
      else projectPacket<T>(at, width, right, below);
    }
  }
}

export function raycast(params: usize, rowStart: i32, rowEnd: i32): void {
  openBlock(params);
  const type = <i32>param(4);
  setVolume(<usize>param(0), <i32>param(1), <i32>param(2), <i32>param(3), type === 2 ? 4 : 2);
  setSampling(param(77) !== 0, param(72) !== 0, <f32>param(73));
  if (param(46) === 0) openComposite();
  else openProjection();
  if (type === 0) rows<i16>(rowStart, rowEnd);
  else if (type === 1) rows<u16>(rowStart, rowEnd);
  else rows<f32>(rowStart, rowEnd);
}
