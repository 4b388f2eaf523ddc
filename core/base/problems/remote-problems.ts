import type { ProblemRow } from './problem-row.ts';

/** Problems of searching, retrieving and sending, beyond what a connection or a peer says. */
export const remoteProblems = {
  COMMITMENT_FAILED: {
    fault: 'peer',
    zh: '对方不保证保存这个对象，原因代码 {reason}。',
    en: 'The other side does not promise to keep this object, reason {reason}.',
    adviceZh: '请勿删除本机的副本；查看对方设备的日志后重新发送。',
    adviceEn: "Keep the copy here; look at the other device's log, then send it again.",
  },
  COMMITMENT_INCOMPLETE: {
    fault: 'peer',
    zh: '对方没有保证保存部分对象，共 {objects} 个。',
    en: 'The other side did not promise to keep some objects, {objects} in all.',
    adviceZh: '请勿删除本机的副本；打开任务的详情查看原因，再重试。',
    adviceEn: 'Keep the copies here; open the details of the job to see why, then try again.',
  },
  COMMITMENT_PENDING: {
    fault: 'peer',
    zh: '对象已发送，但对方尚未答复是否保存。',
    en: 'The objects were sent, but the other side has not said yet whether it keeps them.',
    adviceZh: '请暂勿删除本机的副本，并保持接收端打开；答复到达后，这里会自动更新。',
    adviceEn: 'Keep the copies here and the receiver on: when the answer comes, this changes by itself.',
  },
  COMMITMENT_UNNAMED: {
    fault: 'peer',
    zh: '对方的答复没有提到这个对象。',
    en: 'The report of the other side does not name this object.',
    adviceZh: '请勿删除本机的副本；查看对方设备的日志后重新请求确认。',
    adviceEn: "Keep the copy here; look at the other device's log, then ask again.",
  },
  COMMITMENT_UNHEARD: {
    fault: 'user',
    zh: '对方会另建连接报告是否保存，而本机的接收端没有打开，收不到报告。',
    en: 'The other side reports on a connection of its own whether it keeps the objects, and the receiver of this computer is off.',
    adviceZh: '请按对方登记的 AE 标题和地址打开接收端，然后再次请求确认。',
    adviceEn:
      'Turn the receiver on, under the AE title and address that the other side knows, then ask again.',
  },
  NODE_MISSING: {
    fault: 'user',
    zh: '没有名为 {name} 的节点。',
    en: 'There is no node called {name}.',
    adviceZh: '请在设置的节点列表中查看名称，或用 --peer 指定对方。',
    adviceEn: 'Look at the list of nodes in Settings, or name it as --peer AE@HOST:PORT.',
  },
  NODE_PURPOSE: {
    fault: 'user',
    zh: '节点 {name} 没有设置为可以这样使用。',
    en: 'The node {name} is not set up to be used for this.',
    adviceZh: '请在节点设置中打开相应用途。',
    adviceEn: 'Turn that use on in the settings of the node.',
  },
  NODE_SECRET_SEALED: {
    fault: 'user',
    zh: '节点 {name} 的密码由桌面版为登录的用户加密保存，这里无法打开。',
    en: 'The password of the node {name} was sealed by the desktop for the person signed in, and cannot be opened here.',
    adviceZh: '请打开桌面版后再试，或在节点设置中重新填写密码；命令行也可用 --peer 和 --password-file。',
    adviceEn:
      'Try again with the desktop running, or enter the password anew in the node; a terminal also takes --peer with --password-file.',
  },
  NOTHING_TO_SEND: {
    fault: 'user',
    zh: '没有可发送的对象。',
    en: 'There is nothing to send.',
    adviceZh: '所选内容可能已移到回收站；请重新选择。',
    adviceEn: 'What was chosen may be in the trash; choose again.',
  },
  RECEIVER_OFF: {
    fault: 'user',
    zh: '该节点通过 C-MOVE 传送，需要本机接收端处于打开状态。',
    en: 'This node transfers by C-MOVE, which needs the receiver of this computer to be on.',
    adviceZh: '请在设置中打开接收端，或把该节点改为 C-GET。',
    adviceEn: 'Turn the receiver on in Settings, or let the node use C-GET.',
  },
  NOT_DELIVERED: {
    fault: 'peer',
    zh: '对方已报告结束，但没有送来这个对象，或送来的未能保存。',
    en: 'The other side said that it was done, but this object did not come, or could not be kept.',
    adviceZh: '请重试；如再次出现，请查看“设置 › 接收”中的拒绝记录和对方设备的日志。',
    adviceEn:
      "Try again; if it returns, look at Settings › Receiver for refusals, and at the other device's log.",
  },
  RETRIEVE_INCOMPLETE: {
    fault: 'peer',
    zh: '有 {failed} 个对象没有取回。',
    en: 'Some objects, {failed} in all, were not retrieved.',
    adviceZh: '点任务的“结果”查看是哪些对象、为什么；重试只会取回缺少的部分。',
    adviceEn: 'Open Outcomes at the job to see which and why; trying again fetches only what is missing.',
  },
  RETRIEVE_NOTHING: {
    fault: 'peer',
    zh: '对方没有所要的内容。',
    en: 'The other side has nothing of what was asked for.',
    adviceZh: '请在对方重新查询，并核对标识；可能已被删除。',
    adviceEn: 'Search there again, and check the identifier; it may have been deleted.',
  },
  SENT_ONE_OF_TWO: {
    fault: 'environment',
    zh: '本机有两幅内容不同的图像使用同一标识，只发送了先到的一幅。',
    en: 'Two different images here have this identifier; the one that came first was sent.',
    adviceZh: '请向来源核实哪一幅正确，再单独发送。',
    adviceEn: 'Ask where they came from which one is right, and send that one alone.',
  },
  SEND_INCOMPLETE: {
    fault: 'peer',
    zh: '有 {failed} 个对象没有发送成功。',
    en: 'Some objects, {failed} in all, were not sent.',
    adviceZh: '打开任务详情查看每个对象的原因，然后重试未成功的部分。',
    adviceEn: 'Open the details of the job to see why, then try those again.',
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;
