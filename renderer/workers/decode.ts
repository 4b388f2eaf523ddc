import { problem } from '../../core/base/problem.ts';
import { codecsFor } from '../codecs/load.ts';
import { decodeMessage, joinFragments } from '../decode/decode-message.ts';
import type { DecodedMessage, DecodeMessage, DecodeReply } from '../decode/messages.ts';

/** A decode worker: one frame after another; the pool may end it at any time. */
async function answer(message: DecodeMessage): Promise<void> {
  let decoded: DecodedMessage;
  try {
    const joined = { ...message, fragments: [joinFragments(message.fragments) as Uint8Array<ArrayBuffer>] };
    decoded = decodeMessage(joined, await codecsFor(joined.fragments[0]!));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    decoded = { kind: 'failed', problem: problem('INTERNAL', { reason }) };
  }
  const buffers = [...new Set(message.fragments.map(({ buffer }) => buffer))];
  const reply: DecodeReply = { id: message.id, decoded, buffers };
  const transfer: ArrayBuffer[] = [...buffers];
  if (decoded.kind === 'colour') transfer.push(decoded.rgba.buffer);
  if (decoded.kind === 'mono' && decoded.values) transfer.push(decoded.values.buffer);
  if (decoded.kind === 'mono' && decoded.overlay) transfer.push(decoded.overlay.buffer);
  postMessage(reply, { transfer });
}

addEventListener('message', (event: MessageEvent<DecodeMessage>) => void answer(event.data));
