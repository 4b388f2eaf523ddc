import { CircleCheck, CircleMinus, CircleX, PlugZap } from 'lucide-react';
import { useState } from 'react';
import type { Certificate, NodeTest, RemoteNode } from '../../../core/contract/network.ts';
import { problemText } from '../../../core/terms/terms.ts';
import { client } from '../../app/client.ts';
import { useLanguage, useT } from '../../app/language.ts';
import { showProblem } from '../../app/messages.ts';
import { Button, Icon } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { asksPasscode, needsSecret, wrongFields } from './node-draft.ts';
import { NodeFields } from './node-fields.tsx';
import { useCertificates } from './use-certificates.ts';

/** One station: what it is called, where it is, what it is good for; tried step by step before it is saved. */
export function NodeDialog({ node, onClose }: { readonly node: RemoteNode; onClose(): void }) {
  const t = useT();
  const [draft, setDraft] = useState(node);
  // Null: as it was. A password is never shown again.
  const [secret, setSecret] = useState<string | null>(null);
  const [callerPasscode, setCallerPasscode] = useState<string | null>(null);
  const [test, setTest] = useState<NodeTest | 'running' | null>(null);
  const certificates: readonly Certificate[] = useCertificates().list;
  const wrong = wrongFields(draft);
  const input = {
    node: {
      ...draft,
      name: draft.name.trim(),
      aeTitle: draft.aeTitle.trim(),
      host: draft.host.trim(),
      callerUser: draft.callerUser.trim(),
    },
    ...(secret !== null && { secret: needsSecret(draft) ? secret : '' }),
  };
  const change = (changes: Partial<RemoteNode>) => {
    setDraft((before) => ({ ...before, ...changes }));
    setTest(null);
  };
  const tryIt = async () => {
    setTest('running');
    const result = await client().call('nodes.test', input);
    setTest(result.ok ? result.value : null);
    if (!result.ok) showProblem(result.problem);
  };
  const save = async () => {
    // One that is no longer asked for is not kept either.
    const passcode = asksPasscode(draft) ? callerPasscode : '';
    const result = await client().call('nodes.save', {
      ...input,
      ...(passcode !== null && { callerPasscode: passcode }),
    });
    if (result.ok) onClose();
    else showProblem(result.problem);
  };
  return (
    <Dialog
      title={t(node.name === '' ? 'nodes.add' : 'nodes.editTitle')}
      closeName={t('nodes.cancel')}
      className="node-dlg"
      onClose={onClose}
    >
      <form
        className="node-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong.size === 0) void save();
        }}
      >
        <NodeFields
          node={draft}
          wrong={wrong}
          secret={secret}
          isSecretKept={needsSecret(node)}
          certificates={certificates}
          onChange={change}
          onSecret={(text) => {
            setSecret(text);
            setTest(null);
          }}
          callerPasscode={callerPasscode}
          isPasscodeKept={asksPasscode(node)}
          onCallerPasscode={setCallerPasscode}
        />
        {test !== null && test !== 'running' && <TestSteps test={test} />}
        <footer className="dlg-foot">
          <Button icon={PlugZap} disabled={wrong.size > 0 || test === 'running'} onClick={() => void tryIt()}>
            {t(test === 'running' ? 'nodes.testing' : 'nodes.test')}
          </Button>
          <span className="grow" />
          <Button onClick={onClose}>{t('nodes.cancel')}</Button>
          <Button tone="primary" type="submit" disabled={wrong.size > 0}>
            {t('nodes.save')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** What was tried, in order, with what went wrong in words and what to do. */
function TestSteps({ test }: { readonly test: NodeTest }) {
  const t = useT();
  const language = useLanguage();
  const icons = { ok: CircleCheck, failed: CircleX, skipped: CircleMinus } as const;
  const tones = { ok: 'ok', failed: 'danger', skipped: 'off' } as const;
  return (
    <ul className="node-steps" aria-label={t('nodes.test')}>
      {test.steps.map((step) => {
        const words = step.problem && problemText(language, step.problem);
        return (
          <li key={step.id}>
            <Icon of={icons[step.state]} size={16} className={tones[step.state]} />
            <span className="node-step">{t(`nodes.step.${step.id}`)}</span>
            <span className="grow">
              {words && (
                <>
                  {words.sentence} <span className="dim">{words.advice}</span>
                </>
              )}
            </span>
            {step.state === 'ok' && <span className="num off">{Math.round(step.tookMs)} ms</span>}
          </li>
        );
      })}
    </ul>
  );
}
