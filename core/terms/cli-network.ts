import type { TermTable } from './term.ts';

/** Commands that talk to other stations. */
export const networkCommandTerms = {
  receive: {
    zh: '接收其他设备发来的图像并存储，按 Ctrl+C 结束；用 --json 时每件事打印一行 JSON',
    en: 'Receives and stores images that other stations send, until Ctrl+C; with --json, one line of JSON for each event',
  },
  echo: {
    zh: '逐步测试一个节点：地址、连接、关联、C-ECHO 和查询',
    en: 'Tests a node step by step: address, connection, association, C-ECHO, query',
  },
  find: {
    zh: '在其他系统中查找检查，或列出一个检查的序列',
    en: 'Searches another station for studies, or lists the series of one',
  },
  get: {
    zh: '用 C-GET（或 DICOMweb）取回检查、序列或对象；只取缺少的部分',
    en: 'Retrieves studies, series or objects by C-GET (or DICOMweb); only what is missing',
  },
  move: {
    zh: '用 C-MOVE 取回；需要本机接收端处于打开状态',
    en: 'Retrieves by C-MOVE; the receiver of this computer has to be on',
  },
  send: {
    zh: '发送已存储的检查、序列、对象，或文件和文件夹',
    en: 'Sends stored studies, series or objects, or files and folders',
  },
  commit: {
    zh: '请对方确认保存已有的对象（存储承诺）',
    en: 'Asks another station to confirm that it keeps objects (storage commitment)',
  },
} as const satisfies TermTable;

export const networkOptionTerms = {
  'receive.port': { zh: '端口；默认取设置中的端口', en: 'the port; the one in Settings when left out' },
  ae: { zh: '本机的 AE 标题；默认取设置', en: 'our AE title; the one in Settings when left out' },
  allow: {
    zh: '只接收这些设备，用逗号分开；默认按设置',
    en: 'take from these stations only, with commas between them; as in Settings when left out',
  },
  queries: {
    zh: '也应答查询和调取（C-FIND、C-GET、C-MOVE）；默认按设置',
    en: 'answer queries and retrievals too (C-FIND, C-GET, C-MOVE); as in Settings when left out',
  },
  peer: {
    zh: '对方的 AE 标题、主机和端口，代替已保存的节点',
    en: 'AE title, host and port of the station, instead of a node that is kept',
  },
  user: {
    zh: '向对方说明身份的用户名（与 --peer 一起使用）',
    en: 'user name that the station is told (with --peer)',
  },
  'password-file': {
    zh: '其中是该用户的口令；也可用环境变量 CANDELA_PEER_PASSWORD',
    en: 'a file with the passcode of that user; or the variable CANDELA_PEER_PASSWORD',
  },
  'token-file': {
    zh: '其中是令牌（JWT），代替用户名；也可用环境变量 CANDELA_PEER_TOKEN',
    en: 'a file with a token (JWT) instead of a user; or the variable CANDELA_PEER_TOKEN',
  },
  tls: { zh: '加密连接（与 --peer 一起使用）', en: 'encrypt the connection (with --peer)' },
  name: {
    zh: '患者姓名；中文姓名也按拼音查找',
    en: 'patient name; a Chinese one is looked for by pinyin too',
  },
  patient: { zh: '患者编号，可用 * 和 ?', en: 'patient ID; * and ? stand for anything' },
  accession: { zh: '检查号', en: 'accession number' },
  study: { zh: '检查的 UID', en: 'UID of the study' },
  date: { zh: '检查日期或范围，YYYYMMDD[-YYYYMMDD]', en: 'study date or range' },
  modality: { zh: '设备类型，用逗号分开', en: 'modalities, with commas between them' },
  limit: { zh: '最多列出多少个检查；默认 500', en: 'most studies listed; 500 when left out' },
  series: { zh: '列出 --study 的序列', en: 'list the series of --study' },
  commit: { zh: '发送后请对方确认保存', en: 'ask for storage commitment afterwards' },
} as const satisfies TermTable;

export const networkCliTerms = {
  'cli.receive.listening': {
    zh: '正在端口 {port} 上以 {aeTitle} 接收；按 Ctrl+C 结束',
    en: 'Receiving as {aeTitle} on port {port}; Ctrl+C ends it',
  },
  'cli.receive.opened': { zh: '{aeTitle}（{address}）已连接', en: '{aeTitle} ({address}) has connected' },
  'cli.receive.closed': {
    zh: '{aeTitle}（{address}）已断开：存储 {stored} 个，重复 {duplicates} 个，拒绝 {refused} 个',
    en: '{aeTitle} ({address}) has left: {stored} stored, {duplicates} duplicates, {refused} refused',
  },
  'cli.receive.leftOut': {
    zh: '读取输出的程序太慢，省略了 {lines} 行；接收不受影响',
    en: '{lines} {lines|line was|lines were} left out, as they were read too late; nothing received is lost',
  },
  'cli.find.none': { zh: '没有符合条件的结果。', en: 'Nothing matches.' },
  'cli.step.address': { zh: '地址', en: 'address' },
  'cli.step.connect': { zh: '连接', en: 'connection' },
  'cli.step.tls': { zh: '加密', en: 'encryption' },
  'cli.step.associate': { zh: '关联', en: 'association' },
  'cli.step.echo': { zh: '回声（C-ECHO）', en: 'echo (C-ECHO)' },
  'cli.step.query': { zh: '查询', en: 'query' },
  'cli.step.http': { zh: '网页服务', en: 'web service' },
  'cli.step.login': { zh: '登录', en: 'login' },
  'cli.objectsDone': {
    zh: '{done} / {total} 个对象完成，失败 {failed}',
    en: '{done} of {total} objects done, {failed} failed',
  },
} as const satisfies TermTable;
