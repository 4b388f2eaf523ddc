import type { ProblemRow } from './problem-row.ts';

/** Problems of DICOMweb: of servers that Candela asks, and of its own listener. */
export const webProblems = {
  WEB_ANSWER_INVALID: {
    fault: 'peer',
    zh: '服务器的应答不符合 DICOMweb 标准（{reason}）。',
    en: "The server's answer breaks the DICOMweb standard ({reason}).",
    adviceZh: '请核对节点的网址是否为 DICOMweb 根地址；如是，请把此信息告知对方厂商。',
    adviceEn: "Check that the node's URL is the DICOMweb root; if it is, tell the vendor of the server.",
  },
  WEB_BUSY: {
    fault: 'peer',
    zh: '服务器过忙，未处理请求，HTTP 状态 {status}。',
    en: 'The server is too busy and did not do what was asked, HTTP status {status}.',
    adviceZh: '请稍候重试。',
    adviceEn: 'Try again in a moment.',
  },
  WEB_FORM_REFUSED: {
    fault: 'peer',
    zh: '服务器无法以所需的格式收发数据，HTTP 状态 {status}。',
    en: 'The server cannot give or take the data in the form that is needed, HTTP status {status}.',
    adviceZh: '请改用其他取回或发送方式，例如 C-GET 或 C-STORE。',
    adviceEn: 'Use another way to retrieve or send, such as C-GET or C-STORE.',
  },
  WEB_IS_DIMSE: {
    fault: 'user',
    zh: '端口 {port} 上应答的是 DICOM（DIMSE），不是网页服务。',
    en: 'DICOM (DIMSE) answers on port {port}, not a web server.',
    adviceZh: '请填写对方 DICOMweb 的网址（端口多为 8042、8080 或 443），或把节点改为 DIMSE。',
    adviceEn:
      "Give the URL of the server's DICOMweb (often port 8042, 8080 or 443), or make this a DIMSE node.",
  },
  WEB_LOGIN_FAILED: {
    fault: 'user',
    zh: '服务器不接受登录信息，HTTP 状态 {status}。',
    en: 'The server does not accept who we say we are, HTTP status {status}.',
    adviceZh: '请检查节点的用户名、密码或令牌，以及对方给予的权限。',
    adviceEn: "Check the node's user, password or token, and the rights that the server gives them.",
  },
  WEB_NOT_FOUND: {
    fault: 'user',
    zh: '该网址上没有所请求的内容，HTTP 状态 404。',
    en: 'The server has nothing at this address, HTTP status 404.',
    adviceZh: '请核对节点的网址是否为 DICOMweb 根地址；内容也可能已从服务器删除。',
    adviceEn: "Check that the node's URL is the DICOMweb root; the object may also have been deleted there.",
  },
  WEB_PORT_BUSY: {
    fault: 'environment',
    zh: '端口 {port} 已被其他程序占用，脚本用的 DICOMweb 未启动。',
    en: 'Port {port} is used by another program, so DICOMweb for scripts did not start.',
    adviceZh: '请关闭该程序，或在设置中换一个端口。',
    adviceEn: 'Close that program, or choose another port in Settings.',
  },
  WEB_PORT_DENIED: {
    fault: 'environment',
    zh: '系统不允许使用端口 {port}，脚本用的 DICOMweb 未启动。',
    en: 'The system does not allow the use of port {port}, so DICOMweb for scripts did not start.',
    adviceZh: '请在设置中选择 1024 以上的端口。',
    adviceEn: 'Choose a port above 1024 in Settings.',
  },
  WEB_REDIRECTED: {
    fault: 'peer',
    zh: '服务器要求转到另一台主机 {host}，Candela 没有照办。',
    en: 'The server sends us on to another host, {host}; Candela did not follow.',
    adviceZh: '如该主机可信，请把它的网址填入节点设置。',
    adviceEn: "If you trust that host, enter its URL in the node's settings.",
  },
  WEB_ROOT_WRONG: {
    fault: 'user',
    zh: '服务器在此网址上没有提供 DICOMweb，HTTP 状态 {status}。',
    en: 'The server answers, but not as DICOMweb at this address, HTTP status {status}.',
    adviceZh: '请填写 QIDO、WADO 和 STOW 的根网址；Orthanc 以 /dicom-web 结尾，dcm4chee 以 /rs 结尾。',
    adviceEn:
      'Enter the root of QIDO, WADO and STOW; that of Orthanc ends in /dicom-web, that of dcm4chee in /rs.',
  },
  WEB_STATUS_FAILED: {
    fault: 'peer',
    zh: '服务器报告失败，HTTP 状态 {status}。',
    en: 'The server reported a failure, HTTP status {status}.',
    adviceZh: '请查看服务器的日志，然后重试。',
    adviceEn: 'Look at the log of the server, then try again.',
  },
  WEB_TOKEN_FAILED: {
    fault: 'user',
    zh: '授权服务器没有给出访问令牌（{reason}）。',
    en: 'The authorisation server gave no access token ({reason}).',
    adviceZh: '请检查令牌网址、客户端名称、密钥和范围。',
    adviceEn: "Check the token URL, the client's name, its secret and the scope.",
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;
