import { rayCount } from './section.ts';

/** Harmonics of a smoothed contour: enough for a kidney-shaped or flattened lumen, too few for noise. */
const harmonics = 6;
const size = 2 * harmonics + 1;

const basis = new Float64Array(rayCount * size);
for (let ray = 0; ray < rayCount; ray++)
  for (let k = 0; k < size; k++) {
    const turn = (2 * Math.PI * ray * Math.ceil(k / 2)) / rayCount;
    basis[ray * size + k] = k % 2 === 1 ? Math.cos(turn) : k === 0 ? 1 : Math.sin(turn);
  }

const normal = new Float64Array(size * size);
const rightSide = new Float64Array(size);

/**
 * A smooth closed curve through radii at equal angles: least squares over harmonics 0…6, where harmonic k from 2 on is
 * expected to be about 0.25·radius/k². `weights` 0 leaves a ray out. `noiseMm`: of one ray. Writes to `out`; false
 * where too few rays count.
 */
export function smoothPeriodic(
  radii: Float64Array,
  weights: Float64Array,
  noiseMm: number,
  out: Float64Array,
): boolean {
  normal.fill(0);
  rightSide.fill(0);
  let sum = 0;
  let total = 0;
  for (let ray = 0; ray < rayCount; ray++) {
    const weight = weights[ray]!;
    if (!(weight > 0)) continue;
    sum += weight * radii[ray]!;
    total += weight;
    for (let a = 0; a < size; a++) {
      const wa = weight * basis[ray * size + a]!;
      rightSide[a]! += wa * radii[ray]!;
      for (let b = 0; b <= a; b++) normal[a * size + b]! += wa * basis[ray * size + b]!;
    }
  }
  if (!(total > 6)) return false;
  const mean = sum / total;
  for (let k = 1; k < size; k++) {
    const order = Math.ceil(k / 2);
    const expected = order === 1 ? 0.6 * mean : (0.25 * mean) / (order * order);
    normal[k * size + k]! += (noiseMm * noiseMm) / (expected * expected);
  }
  if (!solveSymmetric(normal, rightSide, size)) return false;
  for (let ray = 0; ray < rayCount; ray++) {
    let value = 0;
    for (let k = 0; k < size; k++) value += basis[ray * size + k]! * rightSide[k]!;
    out[ray] = value;
  }
  return true;
}

/** Cholesky in place of the lower triangle; the solution replaces `b`. False where not positive definite. */
function solveSymmetric(a: Float64Array, b: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i !== j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 1e-12) a[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= a[i * n + k]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= a[k * n + i]! * b[k]!;
    b[i] = sum / a[i * n + i]!;
  }
  return true;
}
