/**
 * A disc blurred by a Gaussian of standard deviation 1 (both lengths in units of that deviation): what a round lumen
 * looks like in a section. disc(ρ, a) = ∫₀ᵃ t·exp(−(t² + ρ²)/2)·I₀(tρ) dt, one minus Marcum's Q.
 */
const step = 0.1;
const most = 9;
const count = Math.round(most / step) + 1;

/** exp(−x)·I₀(x), x ≥ 0 (Abramowitz and Stegun 9.8.1, 9.8.2; error below 2e-7). */
function scaledBessel0(x: number): number {
  if (x < 3.75) {
    const t = (x / 3.75) ** 2;
    const series =
      1 +
      t * (3.5156229 + t * (3.0899424 + t * (1.2067492 + t * (0.2659732 + t * (0.0360768 + t * 0.0045813)))));
    return Math.exp(-x) * series;
  }
  const t = 3.75 / x;
  const tail =
    0.39894228 +
    t *
      (0.01328592 +
        t *
          (0.00225319 +
            t *
              (-0.00157565 +
                t *
                  (0.00916281 + t * (-0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))))));
  return tail / Math.sqrt(x);
}

/** Rows of ρ, columns of a: Simpson's sums from one a to the next. */
function makeTable(): Float64Array {
  const table = new Float64Array(count * count);
  const density = (t: number, rho: number): number =>
    t * Math.exp(-((t - rho) ** 2) / 2) * scaledBessel0(t * rho);
  for (let row = 0; row < count; row++) {
    const rho = row * step;
    let sum = 0;
    for (let column = 1; column < count; column++) {
      const a = (column - 1) * step;
      const quarter = step / 4;
      sum +=
        (quarter / 3) *
        (density(a, rho) +
          4 * density(a + quarter, rho) +
          2 * density(a + 2 * quarter, rho) +
          4 * density(a + 3 * quarter, rho) +
          density(a + step, rho));
      table[row * count + column] = sum;
    }
  }
  return table;
}
const table = makeTable();

/** Φ, the normal distribution (Abramowitz and Stegun 7.1.26; error below 1.5e-7). */
export function normalCumulative(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * z);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp(-z * z);
  return x > 0 ? 1 - tail : tail;
}

/** Value at distance `rho` from the middle of a disc of radius `a`, 0…1. */
export function blurredDisc(rho: number, a: number): number {
  if (a <= 0) return 0;
  // The edge of a large disc is nearly straight; its curvature moves it inwards by 1 / 2a.
  if (rho > most - step || a > most - step) return normalCumulative(a - rho - 1 / (2 * Math.max(a, 1)));
  const x = rho / step;
  const y = a / step;
  const i = Math.floor(x);
  const j = Math.floor(y);
  const at = i * count + j;
  const [u, v] = [x - i, y - j];
  return (
    (table[at]! * (1 - v) + table[at + 1]! * v) * (1 - u) +
    (table[at + count]! * (1 - v) + table[at + count + 1]! * v) * u
  );
}

/** A disc's radius by the radius at which its picture has half its value: the half-maximum circle is too small. */
export function radiusFromHalfMaximum(half: number): number {
  if (half >= 6) return (half + Math.sqrt(half * half + 2)) / 2;
  let low = half;
  let high = half + 1.2;
  for (let n = 0; n < 30; n++) {
    const middle = (low + high) / 2;
    if (blurredDisc(half, middle) < 0.5) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
