import { Send } from 'lucide-react';
import { useState } from 'react';
import type { RemoteNode } from '../../../core/contract/network.ts';
import { formatBytes } from '../../../core/terms/format.ts';
import { goTo } from '../../app/actions.ts';
import { useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { closeSend, type Sending, startSend, useSend } from './send-store.ts';
import './send.css';

/** Where to send what is selected, and whether the station is to confirm that it keeps it. */
export function SendDialog({ sending }: { readonly sending: Sending }) {
  const t = useT();
  const nodes = useApp((state) => state.settings.nodes).filter(({ canReceive }) => canReceive);
  const last = useSend((state) => state.lastNodeId);
  const [nodeId, setNodeId] = useState(
    () => (nodes.find((node) => node.nodeId === last) ?? nodes[0])?.nodeId ?? '',
  );
  const node = nodes.find((one) => one.nodeId === nodeId);
  const [commit, setCommit] = useState(node !== undefined && mayPromise(node));
  const [isBusy, setBusy] = useState(false);
  const { studyKeys, seriesKeys, objects, bytes } = sending;
  const size = bytes === null ? '' : formatBytes(bytes);
  const what =
    studyKeys.length > 0
      ? t('send.what', { studies: studyKeys.length, objects, size })
      : t('send.series', { n: seriesKeys.length });
  if (!node) return <NoNodes />;
  const send = async () => {
    setBusy(true);
    if (!(await startSend(node.nodeId, node.name, commit && mayPromise(node)))) setBusy(false);
  };
  return (
    <Dialog title={t('send.title')} closeName={t('app.close')} className="send-dlg" onClose={closeSend}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div className="send-body">
          <p>{what}</p>
          <NodeChoice
            nodes={nodes}
            nodeId={nodeId}
            onChoose={(one) => {
              setNodeId(one.nodeId);
              setCommit(mayPromise(one));
            }}
          />
          {mayPromise(node) && (
            <label className="send-commit">
              <input type="checkbox" checked={commit} onChange={(event) => setCommit(event.target.checked)} />
              <span>
                {t('send.commit')}
                <span className="cap">{t('send.commitHint')}</span>
              </span>
            </label>
          )}
        </div>
        <footer className="dlg-foot">
          <span className="grow" />
          <Button onClick={closeSend}>{t('app.cancel')}</Button>
          <Button tone="primary" type="submit" icon={Send} disabled={isBusy}>
            {t('send.start')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** DICOMweb has no commitment; a node that was DIMSE once may still say so. */
const mayPromise = ({ commits, protocol }: RemoteNode): boolean => commits && protocol === 'dimse';

function NoNodes() {
  const t = useT();
  const openSettings = () => {
    closeSend();
    goTo({ kind: 'settings', group: 'nodes' });
  };
  return (
    <Dialog title={t('send.title')} closeName={t('app.close')} className="send-dlg" onClose={closeSend}>
      <p className="send-body">{t('send.noNodes')}</p>
      <footer className="dlg-foot">
        <span className="grow" />
        <Button tone="primary" onClick={openSettings}>
          {t('send.openSettings')}
        </Button>
      </footer>
    </Dialog>
  );
}

function NodeChoice({
  nodes,
  nodeId,
  onChoose,
}: {
  readonly nodes: readonly RemoteNode[];
  readonly nodeId: string;
  onChoose(node: RemoteNode): void;
}) {
  const t = useT();
  return (
    <fieldset className="send-nodes" aria-label={t('send.to')}>
      {nodes.map((one) => (
        <label key={one.nodeId} className={one.nodeId === nodeId ? 'on' : undefined}>
          <input
            type="radio"
            name="node"
            checked={one.nodeId === nodeId}
            data-first-focus={one.nodeId === nodeId ? '' : undefined}
            onChange={() => onChoose(one)}
          />
          <b>{one.name}</b>
          <span className="off cut">
            {one.protocol === 'web' ? one.url : `${one.aeTitle} · ${one.host}:${one.port}`}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
