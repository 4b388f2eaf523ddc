/** Names of centrelines in both languages, with what to start from. `terms ← base`: the kinds are those of analysis. */
import type { Term, TermTable } from './term.ts';

export type VesselNameGroup =
  | 'coronary'
  | 'aorta'
  | 'neck'
  | 'arm'
  | 'abdomen'
  | 'leg'
  | 'pulmonary'
  | 'vein'
  | 'airway'
  | 'colon'
  | 'bone'
  | 'dental';

export interface VesselName extends Term {
  readonly id: string;
  readonly kind: 'vessel' | 'airway' | 'rib' | 'spine' | 'dental';
  readonly group: VesselNameGroup;
  /** Usual abbreviation, the same in both languages; empty where there is none. */
  readonly abbreviation: string;
  /** Width of cross-sections and of the straightened picture to start with. */
  readonly sectionMm: number;
}

/** In the order of a menu. */
export const vesselNameGroups: readonly (Term & { readonly id: VesselNameGroup })[] = [
  { id: 'coronary', zh: '冠状动脉', en: 'Coronary arteries' },
  { id: 'aorta', zh: '主动脉', en: 'Aorta' },
  { id: 'neck', zh: '头颈动脉', en: 'Neck arteries' },
  { id: 'arm', zh: '上肢动脉', en: 'Arm arteries' },
  { id: 'abdomen', zh: '腹部动脉', en: 'Abdominal arteries' },
  { id: 'leg', zh: '盆腔与下肢动脉', en: 'Pelvic and leg arteries' },
  { id: 'pulmonary', zh: '肺血管', en: 'Pulmonary vessels' },
  { id: 'vein', zh: '静脉', en: 'Veins' },
  { id: 'airway', zh: '气道', en: 'Airways' },
  { id: 'colon', zh: '结肠', en: 'Colon' },
  { id: 'bone', zh: '骨', en: 'Bones' },
  { id: 'dental', zh: '牙颌', en: 'Jaws' },
];

const named = (
  group: VesselNameGroup,
  kind: VesselName['kind'],
  sectionMm: number,
  rows: readonly (Term & { readonly id: string; readonly abbreviation?: string })[],
): readonly VesselName[] => rows.map((row) => ({ abbreviation: '', ...row, group, kind, sectionMm }));

/** Every name, grouped as in `vesselNameGroups`. */
export const vesselNames: readonly VesselName[] = [
  ...named('coronary', 'vessel', 25, [
    { id: 'lm', zh: '左主干', en: 'Left main coronary artery', abbreviation: 'LM' },
    { id: 'lad', zh: '左前降支', en: 'Left anterior descending artery', abbreviation: 'LAD' },
    { id: 'diagonal-1', zh: '第一对角支', en: 'First diagonal branch', abbreviation: 'D1' },
    { id: 'diagonal-2', zh: '第二对角支', en: 'Second diagonal branch', abbreviation: 'D2' },
    { id: 'lcx', zh: '左回旋支', en: 'Left circumflex artery', abbreviation: 'LCX' },
    { id: 'obtuse-marginal-1', zh: '第一钝缘支', en: 'First obtuse marginal branch', abbreviation: 'OM1' },
    { id: 'obtuse-marginal-2', zh: '第二钝缘支', en: 'Second obtuse marginal branch', abbreviation: 'OM2' },
    { id: 'ramus', zh: '中间支', en: 'Ramus intermedius', abbreviation: 'RI' },
    { id: 'rca', zh: '右冠状动脉', en: 'Right coronary artery', abbreviation: 'RCA' },
    { id: 'pda', zh: '后降支', en: 'Posterior descending artery', abbreviation: 'PDA' },
    { id: 'plv', zh: '左室后支', en: 'Posterolateral branch', abbreviation: 'PLB' },
    { id: 'bypass-graft', zh: '桥血管', en: 'Bypass graft' },
  ]),
  ...named('aorta', 'vessel', 80, [
    { id: 'aorta', zh: '主动脉', en: 'Aorta' },
    { id: 'ascending-aorta', zh: '升主动脉', en: 'Ascending aorta' },
    { id: 'aortic-arch', zh: '主动脉弓', en: 'Aortic arch' },
    { id: 'thoracic-aorta', zh: '胸主动脉', en: 'Thoracic aorta' },
    { id: 'abdominal-aorta', zh: '腹主动脉', en: 'Abdominal aorta' },
  ]),
  ...named('neck', 'vessel', 30, [
    { id: 'brachiocephalic-trunk', zh: '头臂干', en: 'Brachiocephalic trunk' },
    { id: 'left-common-carotid', zh: '左颈总动脉', en: 'Left common carotid artery', abbreviation: 'LCCA' },
    { id: 'right-common-carotid', zh: '右颈总动脉', en: 'Right common carotid artery', abbreviation: 'RCCA' },
    {
      id: 'left-internal-carotid',
      zh: '左颈内动脉',
      en: 'Left internal carotid artery',
      abbreviation: 'LICA',
    },
    {
      id: 'right-internal-carotid',
      zh: '右颈内动脉',
      en: 'Right internal carotid artery',
      abbreviation: 'RICA',
    },
    {
      id: 'left-external-carotid',
      zh: '左颈外动脉',
      en: 'Left external carotid artery',
      abbreviation: 'LECA',
    },
    {
      id: 'right-external-carotid',
      zh: '右颈外动脉',
      en: 'Right external carotid artery',
      abbreviation: 'RECA',
    },
    { id: 'left-vertebral', zh: '左椎动脉', en: 'Left vertebral artery', abbreviation: 'LVA' },
    { id: 'right-vertebral', zh: '右椎动脉', en: 'Right vertebral artery', abbreviation: 'RVA' },
    { id: 'basilar', zh: '基底动脉', en: 'Basilar artery', abbreviation: 'BA' },
    {
      id: 'left-middle-cerebral',
      zh: '左大脑中动脉',
      en: 'Left middle cerebral artery',
      abbreviation: 'LMCA',
    },
    {
      id: 'right-middle-cerebral',
      zh: '右大脑中动脉',
      en: 'Right middle cerebral artery',
      abbreviation: 'RMCA',
    },
  ]),
  ...named('arm', 'vessel', 40, [
    { id: 'left-subclavian', zh: '左锁骨下动脉', en: 'Left subclavian artery' },
    { id: 'right-subclavian', zh: '右锁骨下动脉', en: 'Right subclavian artery' },
    { id: 'left-axillary', zh: '左腋动脉', en: 'Left axillary artery' },
    { id: 'right-axillary', zh: '右腋动脉', en: 'Right axillary artery' },
  ]),
  ...named('abdomen', 'vessel', 40, [
    { id: 'celiac-trunk', zh: '腹腔干', en: 'Coeliac trunk', abbreviation: 'CA' },
    { id: 'hepatic-artery', zh: '肝总动脉', en: 'Common hepatic artery', abbreviation: 'CHA' },
    { id: 'splenic-artery', zh: '脾动脉', en: 'Splenic artery', abbreviation: 'SA' },
    { id: 'sma', zh: '肠系膜上动脉', en: 'Superior mesenteric artery', abbreviation: 'SMA' },
    { id: 'ima', zh: '肠系膜下动脉', en: 'Inferior mesenteric artery', abbreviation: 'IMA' },
    { id: 'left-renal', zh: '左肾动脉', en: 'Left renal artery', abbreviation: 'LRA' },
    { id: 'right-renal', zh: '右肾动脉', en: 'Right renal artery', abbreviation: 'RRA' },
  ]),
  ...named('leg', 'vessel', 40, [
    { id: 'left-common-iliac', zh: '左髂总动脉', en: 'Left common iliac artery' },
    { id: 'left-external-iliac', zh: '左髂外动脉', en: 'Left external iliac artery' },
    { id: 'left-internal-iliac', zh: '左髂内动脉', en: 'Left internal iliac artery' },
    { id: 'left-femoral', zh: '左股动脉', en: 'Left femoral artery' },
    { id: 'left-deep-femoral', zh: '左股深动脉', en: 'Left deep femoral artery' },
    { id: 'left-popliteal', zh: '左腘动脉', en: 'Left popliteal artery' },
    { id: 'left-anterior-tibial', zh: '左胫前动脉', en: 'Left anterior tibial artery' },
    { id: 'left-posterior-tibial', zh: '左胫后动脉', en: 'Left posterior tibial artery' },
    { id: 'left-peroneal', zh: '左腓动脉', en: 'Left peroneal artery' },
    { id: 'right-common-iliac', zh: '右髂总动脉', en: 'Right common iliac artery' },
    { id: 'right-external-iliac', zh: '右髂外动脉', en: 'Right external iliac artery' },
    { id: 'right-internal-iliac', zh: '右髂内动脉', en: 'Right internal iliac artery' },
    { id: 'right-femoral', zh: '右股动脉', en: 'Right femoral artery' },
    { id: 'right-deep-femoral', zh: '右股深动脉', en: 'Right deep femoral artery' },
    { id: 'right-popliteal', zh: '右腘动脉', en: 'Right popliteal artery' },
    { id: 'right-anterior-tibial', zh: '右胫前动脉', en: 'Right anterior tibial artery' },
    { id: 'right-posterior-tibial', zh: '右胫后动脉', en: 'Right posterior tibial artery' },
    { id: 'right-peroneal', zh: '右腓动脉', en: 'Right peroneal artery' },
  ]),
  ...named('pulmonary', 'vessel', 50, [
    { id: 'pulmonary-trunk', zh: '肺动脉干', en: 'Pulmonary trunk' },
    { id: 'left-pulmonary', zh: '左肺动脉', en: 'Left pulmonary artery' },
    { id: 'right-pulmonary', zh: '右肺动脉', en: 'Right pulmonary artery' },
  ]),
  ...named('vein', 'vessel', 50, [
    { id: 'svc', zh: '上腔静脉', en: 'Superior vena cava', abbreviation: 'SVC' },
    { id: 'ivc', zh: '下腔静脉', en: 'Inferior vena cava', abbreviation: 'IVC' },
    { id: 'portal-vein', zh: '门静脉', en: 'Portal vein', abbreviation: 'PV' },
  ]),
  ...named('airway', 'airway', 40, [
    { id: 'trachea', zh: '气管', en: 'Trachea' },
    { id: 'left-main-bronchus', zh: '左主支气管', en: 'Left main bronchus' },
    { id: 'right-main-bronchus', zh: '右主支气管', en: 'Right main bronchus' },
  ]),
  ...named('colon', 'airway', 80, [{ id: 'colon', zh: '结肠', en: 'Colon' }]),
  ...named('bone', 'spine', 80, [{ id: 'spine', zh: '脊柱', en: 'Spine' }]),
  ...named('bone', 'rib', 40, [
    { id: 'left-rib', zh: '左侧肋骨', en: 'Left rib' },
    { id: 'right-rib', zh: '右侧肋骨', en: 'Right rib' },
  ]),
  ...named('dental', 'dental', 40, [
    { id: 'lower-dental-arch', zh: '下颌牙弓', en: 'Lower dental arch' },
    { id: 'upper-dental-arch', zh: '上颌牙弓', en: 'Upper dental arch' },
  ]),
];

const byId = new Map(vesselNames.map((name) => [name.id, name]));

/** Undefined for null and for a name of a later version. */
export const vesselName = (id: string | null): VesselName | undefined =>
  id === null ? undefined : byId.get(id);

/** The names as terms (`vessel.rca`), for the tables that are tested and searched. */
export const vesselNameTerms: TermTable = Object.fromEntries([
  ...vesselNames.map((name): [string, Term] => [`vessel.${name.id}`, { zh: name.zh, en: name.en }]),
  ...vesselNameGroups.map((group): [string, Term] => [
    `vessel.group.${group.id}`,
    { zh: group.zh, en: group.en },
  ]),
]);

/** Section width to start with for a kind of line without a name. */
export const sectionMmOfKind: Readonly<Record<VesselName['kind'], number>> = {
  vessel: 40,
  airway: 40,
  rib: 40,
  spine: 80,
  dental: 40,
};
