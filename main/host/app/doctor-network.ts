import type { CallOutput } from '../../../core/contract/index.ts';
import type { Certificate, ReceiverStatus } from '../../../core/contract/network.ts';
import { formatDicomDate } from '../../../core/terms/format-date.ts';
import { problemText } from '../../../core/terms/terms.ts';

type Finding = CallOutput<'app.doctor'>[number];
const soonMs = 30 * 86_400_000;

/** Whether images can arrive; off is no fault. */
export function receiverFinding({ state, aeTitle, port, problem }: ReceiverStatus): Finding {
  if (state === 'failed' && problem) {
    const [zh, en] = [problemText('zh-CN', problem), problemText('en', problem)];
    return {
      id: 'receiver',
      state: 'bad',
      zh: zh.sentence,
      en: en.sentence,
      adviceZh: zh.advice,
      adviceEn: en.advice,
    };
  }
  const isOff = state === 'off';
  return {
    id: 'receiver',
    state: 'ok',
    zh: isOff ? '接收已关闭' : `正在接收：${aeTitle}，端口 ${port}`,
    en: isOff ? 'The receiver is off' : `Receiving as ${aeTitle} on port ${port}`,
    adviceZh: '',
    adviceEn: '',
  };
}

/** The certificate that ends first, when that is soon. */
export function certificateFinding(certificates: readonly Certificate[], nowMs: number): Finding {
  const [first] = [...certificates].sort((a, b) => a.notAfterMs - b.notAfterMs);
  const leftMs = (first?.notAfterMs ?? Number.POSITIVE_INFINITY) - nowMs;
  if (!first || leftMs > soonMs) {
    const n = certificates.length;
    return {
      id: 'certificates',
      state: 'ok',
      zh: n === 0 ? '没有证书：连接不加密' : `${n} 张证书均在有效期内`,
      en: n === 0 ? 'No certificates: connections are not encrypted' : `${n} certificates, none ends soon`,
      adviceZh: '',
      adviceEn: '',
    };
  }
  const day = formatDicomDate(new Date(first.notAfterMs).toISOString().slice(0, 10).replaceAll('-', ''));
  const isOver = leftMs < 0;
  return {
    id: 'certificates',
    state: isOver ? 'bad' : 'warn',
    zh: isOver ? `证书 ${first.subject} 已于 ${day} 过期` : `证书 ${first.subject} 将于 ${day} 过期`,
    en: isOver
      ? `The certificate ${first.subject} ended on ${day}`
      : `The certificate ${first.subject} ends on ${day}`,
    adviceZh: '请在“设置 › 证书”中导入新的证书，并通知对方。',
    adviceEn: 'Import a new one in Settings › Certificates, and tell the other stations.',
  };
}
