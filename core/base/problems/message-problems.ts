import type { ProblemRow } from './problem-row.ts';

/** Problems of DIMSE messages (PS3.7) and of what peers ask for with them. */
export const messageProblems = {
  COMMAND_INVALID: {
    fault: 'peer',
    zh: '对方发来的 DICOM 命令有误，元素 {element}。',
    en: 'The other side sent a faulty DICOM command, element {element}.',
    adviceZh: '请重试；如再次出现，请把此信息告知对方设备的厂商。',
    adviceEn: "Try again; if it returns, tell the other device's vendor.",
  },
  COMMAND_TOO_LARGE: {
    fault: 'peer',
    zh: '对方发来的 DICOM 命令超过 {limit}，连接已断开。',
    en: 'The other side sent a DICOM command longer than {limit}; the connection was closed.',
    adviceZh: '请确认对方设备工作正常，并把此信息告知其厂商。',
    adviceEn: 'Check that the other device works properly, and tell its vendor.',
  },
  MESSAGE_UNEXPECTED: {
    fault: 'peer',
    zh: '对方打乱了 DICOM 消息的次序，连接已断开。',
    en: 'The other side mixed up the parts of its DICOM messages; the connection was closed.',
    adviceZh: '请重试；如再次出现，请把此信息告知对方设备的厂商。',
    adviceEn: "Try again; if it returns, tell the other device's vendor.",
  },
  PEER_CANCELLED: {
    fault: 'peer',
    zh: '对方在取消后停止了操作。',
    en: 'The other side stopped after it was asked to.',
    adviceZh: '已完成的部分已保留；需要时请重新开始。',
    adviceEn: 'What was done is kept; start again when needed.',
  },
  PEER_NO_SUCH_INSTANCE: {
    fault: 'peer',
    zh: '对方没有所需的对象，状态 {status}。',
    en: 'The other side does not have the object that is needed, status {status}.',
    adviceZh: '请重新查询后再试；对方可能已删除该对象。',
    adviceEn: 'Search again, then retry; the object may have been deleted there.',
  },
  PEER_STATUS_WARNING: {
    fault: 'peer',
    zh: '对方已接受，但有改动或说明，状态 {status}。',
    en: 'The other side accepted it, with changes or a remark, status {status}.',
    adviceZh: '通常无需处理；请在对方设备上核对该对象。',
    adviceEn: 'Usually nothing needs to be done; check the object on the other side.',
  },
  QUERY_INVALID: {
    fault: 'peer',
    zh: '对方的查询或取回请求不完整或有误，元素 {element}。',
    en: 'A query or retrieve request of the other side is incomplete or faulty, element {element}.',
    adviceZh: '请在对方设备上检查查询条件和查询模型（患者或检查）。',
    adviceEn: 'Check the search on the other device and its query model (patient or study).',
  },
  PROCEDURE_STEP_INVALID: {
    fault: 'peer',
    zh: '设备发来的检查步骤（MPPS）有误，元素 {element}。',
    en: 'A device reported a faulty procedure step (MPPS), element {element}.',
    adviceZh: '图像不受影响；如再次出现，请告知该设备的厂商。',
    adviceEn: "Images are not affected; if it returns, tell the device's vendor.",
  },
  PROCEDURE_STEP_ENDED: {
    fault: 'peer',
    zh: '设备想修改已结束的检查步骤（MPPS），已拒绝。',
    en: 'A device wanted to change a procedure step (MPPS) that had ended, and was refused.',
    adviceZh: '图像不受影响，无需处理。',
    adviceEn: 'Images are not affected; nothing needs to be done.',
  },
} as const satisfies Record<string, ProblemRow>;
