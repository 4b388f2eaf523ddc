/** A scale bar: 1, 2 or 5 × 10ⁿ mm, between a third of `mostPx` and `mostPx` long where the series allows. */
export interface ScaleBar {
  readonly lengthMm: number;
  readonly lengthPx: number;
  /** `5 cm`, `2 mm`, `500 µm`. */
  readonly label: string;
}

/**
 * @param mmPerPx millimetres of one CSS pixel along the bar
 * @param mostPx longest bar in CSS pixels
 */
export function scaleBar(mmPerPx: number, mostPx: number): ScaleBar | undefined {
  const mostMm = mmPerPx * mostPx;
  if (!(mostMm > 0) || !Number.isFinite(mostMm)) return undefined;
  const power = 10 ** Math.floor(Math.log10(mostMm));
  const step = [5, 2, 1].find((s) => s * power <= mostMm * (1 + 1e-9)) ?? 1;
  const lengthMm = step * power;
  return { lengthMm, lengthPx: lengthMm / mmPerPx, label: barLabel(lengthMm) };
}

function barLabel(lengthMm: number): string {
  const tidy = (value: number): string => String(Number(value.toPrecision(6)));
  if (lengthMm >= 10) return `${tidy(lengthMm / 10)} cm`;
  if (lengthMm >= 0.999) return `${tidy(lengthMm)} mm`;
  return `${tidy(lengthMm * 1000)} µm`;
}
