import type { ReportSection } from './types.ts';

/** What of a lesion says where its sections are; null where there is no such reference. */
export interface LesionPlaces {
  readonly s: number;
  readonly proximalMm: number | null;
  readonly distalMm: number | null;
}

/** This far from a throat are its sections where there is no reference. */
const besideMm = 10;

/** Places along the line for its five sections: references and throat of its lesion with what lies between, else even steps. */
export function sectionPlaces(
  lengthMm: number,
  lesion: LesionPlaces | null,
): readonly Pick<ReportSection, 'sMm' | 'role'>[] {
  const inside = (mm: number): number => Math.min(lengthMm, Math.max(0, Math.round(mm)));
  if (!lesion)
    return [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => ({
      sMm: inside(part * lengthMm),
      role: 'other' as const,
    }));
  const before = lesion.proximalMm ?? lesion.s - besideMm;
  const after = lesion.distalMm ?? lesion.s + besideMm;
  return [
    { sMm: inside(before), role: lesion.proximalMm === null ? 'other' : 'proximal' },
    { sMm: inside((before + lesion.s) / 2), role: 'other' },
    { sMm: inside(lesion.s), role: 'narrowest' },
    { sMm: inside((lesion.s + after) / 2), role: 'other' },
    { sMm: inside(after), role: lesion.distalMm === null ? 'other' : 'distal' },
  ];
}
