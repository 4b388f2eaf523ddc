/** What each tissue looks like: CT in HU, MR as a T1-weighted signal, PET as SUV (body weight). */

export type Contrast = 'ct' | 'mr' | 'pet';

interface TissueRow {
  readonly ct: number;
  readonly mr: number;
  readonly pet: number;
}

const row = (ct: number, mr: number, pet: number): TissueRow => ({ ct, mr, pet });

/** HU as in a late arterial phase at 120 kV. */
export const tissues = {
  air: row(-1000, 0, 0),
  tableShell: row(-250, 0, 0),
  tableCore: row(-860, 0, 0),
  skin: row(20, 420, 0.6),
  fat: row(-102, 1150, 0.25),
  innerFat: row(-96, 1100, 0.3),
  muscle: row(58, 430, 0.7),
  lung: row(-850, 45, 0.45),
  airwayWall: row(-40, 330, 0.7),
  myocardium: row(112, 470, 3.2),
  bloodLeft: row(350, 620, 1.7),
  bloodRight: row(165, 560, 1.7),
  bloodVein: row(120, 520, 1.6),
  bloodArtery: row(350, 640, 1.7),
  vesselWall: row(45, 420, 1.2),
  liver: row(98, 640, 2.4),
  bile: row(8, 260, 0.4),
  spleen: row(138, 470, 1.9),
  pancreas: row(102, 610, 1.4),
  kidneyCortex: row(205, 560, 4.5),
  kidneyMedulla: row(118, 430, 6.5),
  urine: row(6, 170, 18),
  stomachWall: row(62, 430, 1.6),
  stomachContent: row(18, 230, 0.4),
  bowelWall: row(82, 440, 1.5),
  bowelContent: row(22, 300, 0.6),
  stool: row(-40, 520, 0.6),
  gas: row(-985, 0, 0.05),
  cartilage: row(118, 380, 0.5),
  disc: row(88, 360, 0.6),
  csf: row(9, 150, 0.3),
  cord: row(34, 480, 1.6),
  cortical: row(920, 60, 0.6),
  thinCortical: row(560, 110, 0.7),
  cancellous: row(235, 720, 1.5),
  lesionSoft: row(38, 440, 4.8),
  calcium: row(850, 40, 0.3),
  bead: row(1200, 1600, 12),
} as const satisfies Record<string, TissueRow>;

export type Tissue = keyof typeof tissues;

export const tissueValue = (tissue: Tissue, contrast: Contrast): number => tissues[tissue][contrast];
