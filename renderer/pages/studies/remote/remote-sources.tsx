import { ClipboardList, Server } from 'lucide-react';
import { useApp } from '../../../app/app-store.ts';
import { useT } from '../../../app/language.ts';
import { Icon } from '../../../ui/controls.tsx';
import { showRemote, useRemote } from './remote-store.ts';

/** The stations that can be asked, below our own sources; none where none is set up. */
export function RemoteSources() {
  const t = useT();
  const nodes = useApp((state) => state.settings.nodes);
  const view = useRemote((state) => state.view);
  const links = nodes.flatMap((node) => [
    ...(node.canQuery ? [{ node, kind: 'studies' as const, icon: Server, words: node.name }] : []),
    ...(node.hasWorklist
      ? [
          {
            node,
            kind: 'worklist' as const,
            icon: ClipboardList,
            words: t('worklist.of', { name: node.name }),
          },
        ]
      : []),
  ]);
  if (links.length === 0) return null;
  return (
    <>
      <div className="cap">{t('remote.stations')}</div>
      {links.map(({ node, kind, icon, words }) => {
        const isOn = view?.nodeId === node.nodeId && view.kind === kind;
        return (
          <button
            key={`${kind} ${node.nodeId}`}
            type="button"
            className={`src-row${isOn ? ' on' : ''}`}
            aria-current={isOn ? 'true' : undefined}
            onClick={() => showRemote({ nodeId: node.nodeId, kind })}
          >
            <Icon of={icon} />
            <span className="cut">{words}</span>
          </button>
        );
      })}
    </>
  );
}
