/**
 * CAD-RADS 2.0 (Cury 2022) by the degree of stenosis: a text aid, no grading by the computer. Percent of diameter are rounded
 * to whole numbers first, as they are printed.
 */
export type CadRads = '0' | '1' | '2' | '3' | '4A' | '4B' | '5';

export interface CoronaryLesion {
  readonly percentDiameter: number;
  /** Left main (LM), or any other artery by its name. */
  readonly artery: string;
}

/** One lesion's category; whether it is the left main matters to a whole patient only. */
export function cadRadsOf(percentDiameter: number): CadRads {
  const percent = Math.round(percentDiameter);
  if (!(percent > 0)) return '0';
  if (percent >= 100) return '5';
  if (percent >= 70) return '4A';
  if (percent >= 50) return '3';
  return percent >= 25 ? '2' : '1';
}

const rank: readonly CadRads[] = ['0', '1', '2', '3', '4A', '4B', '5'];

/** The worst lesion's; 4B where the left main has lost 50 % or three arteries 70 % each. */
export function cadRads(lesions: readonly CoronaryLesion[]): CadRads {
  const severe = new Set<string>();
  let worst: CadRads = '0';
  for (const { percentDiameter, artery } of lesions) {
    const own = cadRadsOf(percentDiameter);
    const percent = Math.round(percentDiameter);
    const category = artery === 'LM' && percent >= 50 && percent < 100 ? '4B' : own;
    if (percent >= 70) severe.add(artery);
    if (rank.indexOf(category) > rank.indexOf(worst)) worst = category;
  }
  return severe.size >= 3 && worst === '4A' ? '4B' : worst;
}
