import type { ReceiverStatus } from '../../core/contract/network.ts';
import type { Language } from '../../core/terms/term.ts';
import { problemText } from '../../core/terms/terms.ts';
import { goTo } from './actions.ts';
import { useApp } from './app-store.ts';
import { client } from './client.ts';
import { showMessage, words } from './messages.ts';

type Refusal = ReceiverStatus['refusals'][number];

/** Who was turned away, and why: some reasons name the device, none its address. */
export function refusalText(language: Language, { aeTitle, address, problem }: Refusal): string {
  const { sentence } = problemText(language, problem);
  const who = [sentence.includes(aeTitle) ? '' : aeTitle, address].filter(Boolean).join(' ');
  return `${who}${language === 'zh-CN' ? '：' : ': '}${sentence}`;
}

/** Says it at once when the receiver fails, or turns a device away: whoever sets one up stands beside it. */
export function receiveStatus(status: ReceiverStatus): void {
  const before = useApp.getState().receiver;
  useApp.setState({ receiver: status });
  if (!before) return;
  const newest = status.refusals[0];
  const isNew = newest && newest.atMs > (before.refusals[0]?.atMs ?? 0);
  // A receiver that cannot start, or has no room while it listens.
  const isTroubled = status.problem !== null && status.problem.code !== before.problem?.code;
  const found = isTroubled ? status.problem : isNew ? newest.problem : null;
  if (!found) return;
  const refusal = isTroubled ? undefined : newest;
  const openSettings = () => goTo({ kind: 'settings', group: 'receiver' });
  showMessage({
    tone: 'warn',
    text: (language) => (refusal ? refusalText(language, refusal) : problemText(language, found).sentence),
    detail: (language) => problemText(language, found).advice,
    action: { label: words('settings.receiver'), run: openSettings },
  });
}

export async function readStatus(): Promise<void> {
  const result = await client().call('receiver.status', {});
  if (result.ok) useApp.setState({ receiver: result.value });
}
