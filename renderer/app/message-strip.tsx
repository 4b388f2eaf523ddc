import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from 'lucide-react';
import { Button, Icon, IconButton } from '../ui/controls.tsx';
import { type Message, type Said, useApp } from './app-store.ts';
import { useLanguage, useT } from './language.ts';
import { dismissMessage } from './messages.ts';

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert } as const;

/** What happened, above the strip; each with at most one action. Never a dialog (reading-room.md 10). */
export function MessageStrip() {
  const messages = useApp((state) => state.messages);
  return (
    <div className="messages" role="status" aria-live="polite">
      {messages.map((message) => (
        <MessageRow key={message.id} message={message} />
      ))}
    </div>
  );
}

function MessageRow({ message }: { readonly message: Message }) {
  const t = useT();
  const language = useLanguage();
  const { action } = message;
  const worded = (said: Said) => (typeof said === 'string' ? said : said(language));
  const detail = message.detail && worded(message.detail);
  return (
    <div className={`msg ${message.tone}`}>
      <Icon of={icons[message.tone]} />
      <div>
        {worded(message.text)}
        {detail && <small>{detail}</small>}
      </div>
      {action && (
        <Button
          size="small"
          onClick={() => {
            dismissMessage(message.id);
            action.run();
          }}
        >
          {worded(action.label)}
        </Button>
      )}
      <IconButton icon={X} iconSize={16} name={t('app.dismiss')} onClick={() => dismissMessage(message.id)} />
    </div>
  );
}
