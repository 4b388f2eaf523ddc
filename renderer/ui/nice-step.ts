const niceSteps = [1, 2, 5, 10];

/** A round step that divides `span` into about `parts`. */
export function niceStep(span: number, parts: number): number {
  const rough = span / Math.max(1, parts);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-9)));
  return power * (niceSteps.find((n) => n * power >= rough) ?? 10);
}
