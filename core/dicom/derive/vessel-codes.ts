/** Where a centreline lies, as DICOM codes it (SNOMED CT, as PS3.16 lists them for anatomic regions and vessels). */
import type { CodedConcept } from './segment-codes.ts';

export interface VesselSite {
  readonly site: CodedConcept;
  /** Where the code itself does not say the side. */
  readonly side?: 'left' | 'right';
}

/** By the id of `core/terms/vessel.ts`, without `left-` and `right-` where both sides share a code. */
const codesByName: Readonly<Record<string, readonly [value: string, meaning: string]>> = {
  lm: ['3227004', 'Left Main Coronary Artery'],
  lad: ['59438005', 'Left Anterior Descending Coronary Artery'],
  'diagonal-1': ['91750005', '1st Diagonal Coronary Artery'],
  'diagonal-2': ['91751009', '2nd Diagonal Coronary Artery'],
  lcx: ['57396003', 'Circumflex Coronary Artery'],
  'obtuse-marginal-1': ['91754001', '1st Marginal Coronary Artery'],
  'obtuse-marginal-2': ['91755000', '2nd Marginal Coronary Artery'],
  ramus: ['244252004', 'Intermediate Artery (Ramus)'],
  rca: ['13647002', 'Right Coronary Artery'],
  pda: ['443113009', 'Posterior Descending Coronary Artery'],
  plv: ['17269004', 'Posterolateral branch of right Coronary Artery'],
  'bypass-graft': ['264293000', 'Coronary artery graft'],
  aorta: ['15825003', 'Aorta'],
  'ascending-aorta': ['54247002', 'Ascending aorta'],
  'aortic-arch': ['57034009', 'Aortic arch'],
  'thoracic-aorta': ['113262008', 'Thoracic aorta'],
  'abdominal-aorta': ['7832008', 'Abdominal aorta'],
  'brachiocephalic-trunk': ['12691009', 'Innominate artery'],
  'left-common-carotid': ['113263003', 'Left Common Carotid Artery'],
  'right-common-carotid': ['65355003', 'Right Common Carotid Artery'],
  'internal-carotid': ['86117002', 'Internal carotid artery'],
  'external-carotid': ['22286001', 'External carotid artery'],
  vertebral: ['85234005', 'Vertebral artery'],
  basilar: ['59011009', 'Basilar artery'],
  'middle-cerebral': ['17232002', 'Middle Cerebral Artery'],
  'left-subclavian': ['85235006', 'Left Subclavian Artery'],
  'right-subclavian': ['29700009', 'Right Subclavian Artery'],
  axillary: ['67937003', 'Axillary Artery'],
  'celiac-trunk': ['57850000', 'Celiac Axis'],
  'hepatic-artery': ['66559000', 'Common Hepatic Artery'],
  'splenic-artery': ['22083002', 'Splenic artery'],
  sma: ['42258001', 'Superior mesenteric artery'],
  ima: ['33795007', 'Inferior mesenteric artery'],
  renal: ['2841007', 'Renal artery'],
  'common-iliac': ['73634005', 'Common iliac artery'],
  'external-iliac': ['113269004', 'External iliac artery'],
  'internal-iliac': ['90024005', 'Internal iliac artery'],
  'left-femoral': ['113270003', 'Left femoral artery'],
  'right-femoral': ['69833005', 'Right femoral artery'],
  'deep-femoral': ['31677005', 'Profunda Femoris Artery'],
  popliteal: ['43899006', 'Popliteal artery'],
  'anterior-tibial': ['68053000', 'Anterior tibial artery'],
  'posterior-tibial': ['13363002', 'Posterior tibial artery'],
  peroneal: ['8821006', 'Peroneal artery'],
  'pulmonary-trunk': ['45341000', 'Pulmonary trunk'],
  'left-pulmonary': ['50408007', 'Left pulmonary artery'],
  'right-pulmonary': ['78480002', 'Right pulmonary artery'],
  svc: ['48345005', 'Superior vena cava'],
  ivc: ['64131007', 'Inferior vena cava'],
  'portal-vein': ['32764006', 'Portal vein'],
  trachea: ['44567001', 'Trachea'],
  'left-main-bronchus': ['75245000', 'Left main bronchus'],
  'right-main-bronchus': ['70074004', 'Right main bronchus'],
  colon: ['71854001', 'Colon'],
  spine: ['421060004', 'Spine'],
  rib: ['113197003', 'Rib'],
  'lower-dental-arch': ['88176008', 'Mandibular dental arch'],
  'upper-dental-arch': ['39481002', 'Maxillary dental arch'],
};

const vessel = ['59820001', 'Blood Vessel'] as const;
const airway = ['89187006', 'Airway structure'] as const;

const concept = ([value, meaning]: readonly [string, string]): CodedConcept => ({
  value,
  scheme: 'SCT',
  meaning,
});

/** The site of a name of the table; that of any vessel, or airway, for a name of one's own. */
export function vesselSite(nameId: string | null, kind: string): VesselSite {
  const whole = codesByName[nameId ?? ''];
  if (whole) return { site: concept(whole) };
  const sided = /^(left|right)-(.+)$/.exec(nameId ?? '');
  const code = codesByName[sided?.[2] ?? ''];
  if (sided && code) return { site: concept(code), side: sided[1] === 'left' ? 'left' : 'right' };
  return { site: concept(kind === 'airway' ? airway : vessel) };
}
