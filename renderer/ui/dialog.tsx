import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './controls.tsx';

const controls = 'a[href], button:enabled, input:enabled, select:enabled, textarea:enabled';

/** Past its last control the browser gives the focus to nothing, or to its own bars: here it goes round. */
function goRound(dialog: HTMLDialogElement | null, isBack: boolean): void {
  if (!dialog || document.activeElement !== document.body) return;
  const all = [...dialog.querySelectorAll<HTMLElement>(controls)].filter(
    (control) => control.tabIndex >= 0 && control.getClientRects().length > 0,
  );
  (isBack ? all.at(-1) : all[0])?.focus();
}

/**
 * A modal over the window, by the platform's own <dialog>: focus stays inside, Tab goes round, Esc closes, focus returns.
 * `onClose` is told however it closes. What wears `data-first-focus` has the focus first.
 */
export function Dialog({
  title,
  closeName,
  className,
  children,
  onClose,
  hasHeader = true,
}: {
  readonly title: string;
  readonly closeName: string;
  readonly className?: string;
  readonly children: ReactNode;
  readonly hasHeader?: boolean;
  onClose(): void;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={`dlg ${className ?? ''}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={({ key, shiftKey }) => {
        if (key === 'Tab') requestAnimationFrame(() => goRound(element.current, shiftKey));
      }}
      onPointerDown={(event) => {
        if (event.target === element.current) onClose();
      }}
    >
      {hasHeader && (
        <header className="dlg-head">
          <h2>{title}</h2>
          <IconButton icon={X} name={closeName} onClick={onClose} />
        </header>
      )}
      {children}
    </dialog>
  );
}
