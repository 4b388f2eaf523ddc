/** Keys by physical position (`KeyboardEvent.code`), so that no input method or layout swallows them. */

export interface KeyLike {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const order = ['Ctrl', 'Alt', 'Shift'] as const;

/** Same chord, same text: modifiers in one order, numpad digits as digits. */
export function normaliseChord(chord: string): string {
  const parts = chord.split('+');
  const code = (parts.pop() ?? '').replace(/^Numpad(?=\d$)/, 'Digit').replace(/^NumpadEnter$/, 'Enter');
  return [...order.filter((modifier) => parts.includes(modifier)), code].join('+');
}

/** The chord of a key press; ⌘ counts as Ctrl. */
export function chordOfEvent(event: KeyLike): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey) parts.push('Shift');
  return normaliseChord([...parts, event.code].join('+'));
}

/** Inputs that take no text: keys stay with the page. */
const notText = new Set(['checkbox', 'radio', 'range', 'button', 'submit', 'reset', 'file', 'color']);

/** True while the focus is where text goes. */
export function isTyping(element: Element | null): boolean {
  if (!element) return false;
  if (element instanceof HTMLInputElement) return !notText.has(element.type);
  return (
    element instanceof HTMLTextAreaElement || (element instanceof HTMLElement && element.isContentEditable)
  );
}

export const isActivation = (chord: string): boolean => chord === 'Enter' || chord === 'Space';

/** A chord that only a keyboard types as text: a letter or digit without Ctrl or Alt. */
export const isTextKey = (event: KeyLike & { readonly key: string }): boolean =>
  !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1 && event.key.trim() !== '';

const keyNames: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ContextMenu: 'Menu',
  Escape: 'Esc',
  Delete: 'Del',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backquote: '`',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
};

/** How a chord is printed on a key cap: `Ctrl K`, `Shift 1`, `?`. */
export function chordLabel(chord: string): string {
  if (chord === 'Shift+Slash') return '?';
  return normaliseChord(chord)
    .split('+')
    .map((part) => keyNames[part] ?? part.replace(/^(Key|Digit)/, ''))
    .join(' ');
}
