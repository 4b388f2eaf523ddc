import { create } from 'zustand';
import { client } from '../../app/client.ts';
import { showMessage, showProblem, words } from '../../app/messages.ts';

/** What a person wants to send: studies whole, or series, or single objects. */
export interface Sending {
  readonly studyKeys: readonly string[];
  readonly seriesKeys: readonly string[];
  readonly instanceKeys: readonly string[];
  readonly objects: number;
  readonly bytes: number | null;
}

interface SendState {
  readonly sending: Sending | null;
  /** The job whose outcomes are shown. */
  readonly outcomesOf: string | null;
  /** Proposed the next time. */
  readonly lastNodeId: string | null;
}

export const useSend = create<SendState>()(() => ({ sending: null, outcomesOf: null, lastNodeId: null }));

export const askSend = (sending: Sending): void => useSend.setState({ sending });
export const closeSend = (): void => useSend.setState({ sending: null });
export const showOutcomes = (jobId: string | null): void => useSend.setState({ outcomesOf: jobId });

/** False when it could not be started; the dialog stays. */
export async function startSend(nodeId: string, name: string, commit: boolean): Promise<boolean> {
  const { sending } = useSend.getState();
  if (!sending) return false;
  const result = await client().call('remote.send', {
    nodeId,
    studyKeys: [...sending.studyKeys],
    seriesKeys: [...sending.seriesKeys],
    instanceKeys: [...sending.instanceKeys],
    commit,
  });
  if (!result.ok) {
    showProblem(result.problem);
    return false;
  }
  useSend.setState({ sending: null, lastNodeId: nodeId });
  showMessage({ tone: 'info', text: words('send.started', { name }) });
  return true;
}
