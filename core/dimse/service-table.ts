/** SOP classes of the node: which ones, in which roles (PS3.4; PS3.6 A-1). */
import { sopClasses } from '../dicom/tables/sop-classes.ts';

export type ServiceKind =
  | 'verification'
  | 'storage'
  | 'find'
  | 'move'
  | 'get'
  | 'worklist'
  | 'commitment'
  | 'procedureStep';
export type QueryRoot = 'study' | 'patient';

export interface ServiceClass {
  readonly uid: string;
  readonly kind: ServiceKind;
  /** Information model of query and retrieve. */
  readonly root?: QueryRoot;
  /** Roles that Candela plays. */
  readonly scu: boolean;
  readonly scp: boolean;
  readonly en: string;
  readonly zh: string;
}

export const verificationClass = '1.2.840.10008.1.1';
export const worklistClass = '1.2.840.10008.5.1.4.31';
export const procedureStepClass = '1.2.840.10008.3.1.2.3.3';
export const commitmentClass = '1.2.840.10008.1.20.1';
/** The one SOP instance of storage commitment (PS3.4 J.3.5). */
export const commitmentInstance = '1.2.840.10008.1.20.1.1';

export const queryClasses = {
  study: {
    find: '1.2.840.10008.5.1.4.1.2.2.1',
    move: '1.2.840.10008.5.1.4.1.2.2.2',
    get: '1.2.840.10008.5.1.4.1.2.2.3',
  },
  patient: {
    find: '1.2.840.10008.5.1.4.1.2.1.1',
    move: '1.2.840.10008.5.1.4.1.2.1.2',
    get: '1.2.840.10008.5.1.4.1.2.1.3',
  },
} as const satisfies Record<QueryRoot, Record<'find' | 'move' | 'get', string>>;

const both = { scu: true, scp: true } as const;

export const plainServices: readonly ServiceClass[] = [
  { uid: verificationClass, kind: 'verification', ...both, en: 'Verification', zh: '验证' },
  {
    uid: queryClasses.study.find,
    kind: 'find',
    root: 'study',
    ...both,
    en: 'Study Root Query/Retrieve – FIND',
    zh: '检查根查询/取回 – FIND',
  },
  {
    uid: queryClasses.study.move,
    kind: 'move',
    root: 'study',
    ...both,
    en: 'Study Root Query/Retrieve – MOVE',
    zh: '检查根查询/取回 – MOVE',
  },
  {
    uid: queryClasses.study.get,
    kind: 'get',
    root: 'study',
    ...both,
    en: 'Study Root Query/Retrieve – GET',
    zh: '检查根查询/取回 – GET',
  },
  {
    uid: queryClasses.patient.find,
    kind: 'find',
    root: 'patient',
    ...both,
    en: 'Patient Root Query/Retrieve – FIND',
    zh: '患者根查询/取回 – FIND',
  },
  {
    uid: queryClasses.patient.move,
    kind: 'move',
    root: 'patient',
    ...both,
    en: 'Patient Root Query/Retrieve – MOVE',
    zh: '患者根查询/取回 – MOVE',
  },
  {
    uid: queryClasses.patient.get,
    kind: 'get',
    root: 'patient',
    ...both,
    en: 'Patient Root Query/Retrieve – GET',
    zh: '患者根查询/取回 – GET',
  },
  {
    uid: worklistClass,
    kind: 'worklist',
    scu: true,
    scp: false,
    en: 'Modality Worklist – FIND',
    zh: '设备工作列表 – FIND',
  },
  {
    uid: commitmentClass,
    kind: 'commitment',
    ...both,
    en: 'Storage Commitment Push Model',
    zh: '存储承诺（推送）',
  },
  {
    uid: procedureStepClass,
    kind: 'procedureStep',
    scu: false,
    scp: true,
    en: 'Modality Performed Procedure Step',
    zh: '设备执行的检查步骤（MPPS）',
  },
];

/** Every known class but DICOMDIR, which is never sent. */
export const storageServices: readonly ServiceClass[] = sopClasses
  .filter(({ category }) => category !== 'directory')
  .map(({ uid, en, zh }) => ({ uid, kind: 'storage', ...both, en: `${en} Storage`, zh: `${zh}存储` }));

export const serviceClasses: readonly ServiceClass[] = [...plainServices, ...storageServices];

const byUid: ReadonlyMap<string, ServiceClass> = new Map(serviceClasses.map((row) => [row.uid, row]));

/** The row of an abstract syntax; undefined for those that Candela has no service for. */
export const serviceClassOf = (uid: string): ServiceClass | undefined => byUid.get(uid);

/**
 * Whether an abstract syntax that is not in the table may be a storage class: private ones, and new ones below the
 * standard's root of storage classes, but not its query classes.
 */
export function mayBeStorage(uid: string): boolean {
  if (!/^[0-9.]{1,64}$/.test(uid) || byUid.has(uid)) return false;
  if (!uid.startsWith('1.2.840.10008.')) return true;
  return uid.startsWith('1.2.840.10008.5.1.4.1.1.') && !uid.startsWith('1.2.840.10008.5.1.4.1.1.200.');
}
