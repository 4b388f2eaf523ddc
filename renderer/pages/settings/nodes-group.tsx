import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { RemoteNode } from '../../../core/contract/network.ts';
import { useApp } from '../../app/app-store.ts';
import { client } from '../../app/client.ts';
import { useT } from '../../app/language.ts';
import { showMessage, showProblem } from '../../app/messages.ts';
import { Button, IconButton, Tag } from '../../ui/controls.tsx';
import { ForwardingCard } from './forwarding-card.tsx';
import { NodeDialog } from './node-dialog.tsx';
import { emptyNode } from './node-draft.ts';
import { PriorsCard } from './priors-card.tsx';
import { WebListenerCard } from './web-listener-card.tsx';

/** Other stations, the rules that name them, and Candela's own DICOMweb listener. */
export function NodesGroup() {
  const t = useT();
  const nodes = useApp((state) => state.settings.nodes);
  const [edited, setEdited] = useState<RemoteNode | null>(null);
  return (
    <>
      <div className="card">
        <div className="ch">
          <h2 className="grow">{t('nodes.list')}</h2>
          <Button size="small" icon={Plus} onClick={() => setEdited(emptyNode())}>
            {t('nodes.add')}
          </Button>
        </div>
        {nodes.length === 0 && <p className="cap set-pad">{t('nodes.none')}</p>}
        {nodes.map((node) => (
          <NodeLine key={node.nodeId} node={node} onEdit={() => setEdited(node)} />
        ))}
      </div>
      {nodes.length > 0 && <PriorsCard />}
      {nodes.length > 0 && <ForwardingCard />}
      <WebListenerCard />
      {edited && <NodeDialog node={edited} onClose={() => setEdited(null)} />}
    </>
  );
}

function NodeLine({ node, onEdit }: { readonly node: RemoteNode; onEdit(): void }) {
  const t = useT();
  const where = node.protocol === 'web' ? node.url : `${node.aeTitle} · ${node.host}:${node.port}`;
  const uses = [
    node.canQuery && t('nodes.use.query'),
    node.canReceive && t('nodes.use.receive'),
    node.protocol === 'dimse' && node.maySend && t('nodes.use.send'),
    node.hasWorklist && t('nodes.use.worklist'),
    node.commits && t('nodes.use.commit'),
  ].filter((word): word is string => typeof word === 'string');
  return (
    <div className="st node-line">
      <div className="grow">
        <div className="t">{node.name}</div>
        <div className="d selectable">{where}</div>
      </div>
      <div className="row node-uses">
        {node.protocol === 'web' && <Tag>DICOMweb</Tag>}
        {node.tls && <Tag tone="ok">TLS</Tag>}
        {uses.map((word) => (
          <Tag key={word}>{word}</Tag>
        ))}
      </div>
      <IconButton icon={Pencil} iconSize={16} name={t('nodes.edit', { name: node.name })} onClick={onEdit} />
      <IconButton
        icon={Trash2}
        iconSize={16}
        name={t('nodes.delete', { name: node.name })}
        onClick={() => void deleteNode(node, t('nodes.deleted', { name: node.name }), t('nodes.undo'))}
      />
    </div>
  );
}

/** Undo brings the node back; its password was removed with it and is asked for by the next test. */
async function deleteNode(node: RemoteNode, text: string, label: string): Promise<void> {
  const { nodeId } = node;
  const result = await client().call('nodes.delete', { nodeId });
  if (!result.ok) return void showProblem(result.problem);
  const bringBack = async () => {
    const saved = await client().call('nodes.save', { node });
    if (!saved.ok) showProblem(saved.problem);
  };
  showMessage({ tone: 'ok', text, action: { label, run: () => void bringBack() } });
}
