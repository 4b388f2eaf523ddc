import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from './controls.tsx';

/**
 * A modal over the window, by the platform's own <dialog>: focus stays inside, Esc closes, focus returns.
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
