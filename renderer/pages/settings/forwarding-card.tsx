import { Plus, Trash2 } from 'lucide-react';
import type { ForwardingRule } from '../../../core/contract/network-settings.ts';
import { useApp } from '../../app/app-store.ts';
import { useT } from '../../app/language.ts';
import { showMessage, words } from '../../app/messages.ts';
import { Button, IconButton, Switch } from '../../ui/controls.tsx';
import { changeNetwork } from './network-changes.ts';

/** What is received from one device goes on to another station. */
export function ForwardingCard() {
  const t = useT();
  const rules = useApp((state) => state.settings.network.forwarding);
  const nodes = useApp((state) => state.settings.nodes).filter(({ canReceive }) => canReceive);
  const add = () => {
    const toNodeId = nodes[0]?.nodeId;
    if (toNodeId === undefined) return;
    const rule = { ruleId: crypto.randomUUID(), enabled: false, fromAeTitle: '', modality: '', toNodeId };
    changeNetwork({ forwarding: [...rules, rule] });
  };
  const change = (changed: ForwardingRule) =>
    changeNetwork({ forwarding: rules.map((rule) => (rule.ruleId === changed.ruleId ? changed : rule)) });
  const remove = ({ ruleId }: ForwardingRule) => {
    changeNetwork({ forwarding: rules.filter((rule) => rule.ruleId !== ruleId) });
    const bringBack = () => changeNetwork({ forwarding: rules });
    showMessage({
      tone: 'ok',
      text: words('forwarding.deleted'),
      action: { label: words('nodes.undo'), run: bringBack },
    });
  };
  return (
    <div className="card">
      <div className="ch">
        <h2 className="grow">{t('forwarding.title')}</h2>
        <Button size="small" icon={Plus} disabled={nodes.length === 0} onClick={add}>
          {t('forwarding.add')}
        </Button>
      </div>
      {rules.length === 0 && <p className="cap set-pad">{t('forwarding.none')}</p>}
      {rules.map((rule) => (
        <div key={rule.ruleId} className="st">
          <Switch
            name={t('forwarding.enabled')}
            isOn={rule.enabled}
            words={t(rule.enabled ? 'settings.on' : 'settings.off')}
            onToggle={(enabled) => change({ ...rule, enabled })}
          />
          <span className="nowrap">{t('forwarding.from')}</span>
          <span className="field fwd-field">
            <input
              type="text"
              maxLength={16}
              aria-label={t('forwarding.fromAeTitle')}
              placeholder={t('forwarding.anyDevice')}
              value={rule.fromAeTitle}
              onChange={(event) => change({ ...rule, fromAeTitle: event.target.value })}
            />
          </span>
          <span className="field fwd-modality">
            <input
              type="text"
              maxLength={16}
              aria-label={t('forwarding.modality')}
              placeholder={t('forwarding.anyModality')}
              value={rule.modality}
              onChange={(event) => change({ ...rule, modality: event.target.value.toUpperCase() })}
            />
          </span>
          <span className="nowrap">{t('forwarding.to')}</span>
          <select
            className="field grow"
            aria-label={t('forwarding.to')}
            value={rule.toNodeId}
            onChange={(event) => change({ ...rule, toNodeId: event.target.value })}
          >
            {nodes.map((node) => (
              <option key={node.nodeId} value={node.nodeId}>
                {node.name}
              </option>
            ))}
          </select>
          <IconButton
            icon={Trash2}
            iconSize={16}
            name={t('forwarding.delete')}
            onClick={() => remove(rule)}
          />
        </div>
      ))}
    </div>
  );
}
