import {
  ChevronDown,
  ChevronUp,
  CircleAlert,
  CircleCheck,
  Info,
  type LucideIcon,
  TriangleAlert,
  X,
} from 'lucide-react';
import { useState } from 'react';
import { Button, Icon, IconButton } from '../ui/controls.tsx';
import { type Message, type Said, useApp } from './app-store.ts';
import { useLanguage, useT } from './language.ts';
import { dismissMessage, mostUrgent } from './messages.ts';

const icons = { info: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert } as const;

/**
 * What happened, above the strip; each with at most one action. Never a dialog (reading-room.md 10). Pictures stay
 * free: there it is one line within the strip, and the rest comes up when asked for.
 */
export function MessageStrip({ isInStrip }: { readonly isInStrip: boolean }) {
  const messages = useApp((state) => state.messages);
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  const one = isInStrip && !isOpen ? mostUrgent(messages) : undefined;
  const shown = one ? [one] : messages;
  if (isOpen && messages.length === 0) setOpen(false);
  const fold = (icon: LucideIcon, name: string) => (
    <IconButton icon={icon} iconSize={16} name={name} onClick={() => setOpen(!isOpen)} />
  );
  return (
    <div className={`messages${one ? ' line' : ''}`} role="status" aria-live="polite">
      {shown.map((message, n) => (
        <MessageRow key={message.id} message={message}>
          {one && messages.length > 1 && <b>{t('app.moreMessages', { n: messages.length - 1 })}</b>}
          {one && (messages.length > 1 || message.detail) && fold(ChevronUp, t('app.openMessages'))}
          {isInStrip && isOpen && n === shown.length - 1 && fold(ChevronDown, t('app.foldMessages'))}
        </MessageRow>
      ))}
    </div>
  );
}

function MessageRow({
  message,
  children,
}: {
  readonly message: Message;
  readonly children: React.ReactNode;
}) {
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
      {children}
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
