import type { ProblemRow } from './problem-row.ts';

/** Problems of other stations as they are set up: addresses, certificates, keys, trust. */
export const nodeProblems = {
  CERTIFICATE_INVALID: {
    fault: 'user',
    zh: '这不是可以使用的 PEM 证书。',
    en: 'This is not a PEM certificate that can be used.',
    adviceZh: '请粘贴以“-----BEGIN CERTIFICATE-----”开头的文本；DER 文件请先转换为 PEM。',
    adviceEn: 'Paste text that begins with "-----BEGIN CERTIFICATE-----"; convert a DER file to PEM first.',
  },
  CERTIFICATE_EXPIRED: {
    fault: 'user',
    zh: '证书已过期或尚未生效（{subject}）。',
    en: 'The certificate has expired or is not valid yet ({subject}).',
    adviceZh: '请导入有效的证书，并核对本机的日期和时间。',
    adviceEn: 'Import a valid certificate, and check the date and time of this machine.',
  },
  CERTIFICATE_IN_USE: {
    fault: 'user',
    zh: '该证书正被“{node}”使用，未删除。',
    en: 'The certificate is used by "{node}" and was not deleted.',
    adviceZh: '请先在该节点的设置中换一个证书。',
    adviceEn: 'Choose another certificate for that node first.',
  },
  KEY_DOES_NOT_FIT: {
    fault: 'user',
    zh: '私钥与证书不匹配，或口令不对。',
    en: 'The private key does not belong to the certificate, or its passphrase is wrong.',
    adviceZh: '请核对私钥文件和口令后重试。',
    adviceEn: 'Check the key file and its passphrase, then try again.',
  },
  TLS_NAME_MISMATCH: {
    fault: 'peer',
    zh: '对方的证书不是为 {host} 颁发的。',
    en: "The other station's certificate was not issued for {host}.",
    adviceZh: '请核对地址；如确认无误，请导入对方自己的证书，Candela 便只认这一张。',
    adviceEn:
      "Check the address; if it is right, import the station's own certificate: Candela then takes only that one.",
  },
  TLS_EXPIRED: {
    fault: 'peer',
    zh: '对方的证书已过期或尚未生效。',
    en: "The other station's certificate has expired or is not valid yet.",
    adviceZh: '请联系对方更新证书，并核对两台机器的时间。',
    adviceEn: 'Ask for a new certificate, and compare the clocks of both machines.',
  },
  NODE_ADDRESS_INVALID: {
    fault: 'user',
    zh: '地址不是主机名、IP 地址或网址。',
    en: 'The address is no host name, IP address or web address.',
    adviceZh: '请填写主机名或 IP 地址，DICOMweb 请填以 https 开头的网址；密码请填在密码栏。',
    adviceEn:
      'Give a host name or IP address, for DICOMweb an address that begins with https; passwords have a field of their own.',
  },
  NODE_NAME_TAKEN: {
    fault: 'user',
    zh: '已有名为“{name}”的节点。',
    en: 'There is a node named "{name}" already.',
    adviceZh: '请换一个名称。',
    adviceEn: 'Choose another name.',
  },
  NODE_TITLE_MISSING: {
    fault: 'user',
    zh: '缺少对方的 AE 标题。',
    en: 'The AE title of the other station is missing.',
    adviceZh: '请向对方的管理员询问 AE 标题（1 至 16 个字符）。',
    adviceEn: 'Ask its administrator for the AE title (1 to 16 characters).',
  },
} as const satisfies Readonly<Record<string, ProblemRow>>;
