/** Reloading and the browser's own keys go their way. */
const isOfBrowser = ({ ctrlKey, metaKey, key }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || /^F\d/.test(key);

/**
 * What is pressed while a page is on its way is meant for that page, not for the one that is still on screen: it is held
 * back. Answers what gives it out, in order, once the page is there.
 */
export function holdKeys(target: EventTarget, giveTo: (event: KeyboardEvent) => void): () => void {
  const held: KeyboardEvent[] = [];
  const hold = (event: Event): void => {
    if (isOfBrowser(event as KeyboardEvent)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held.push(event as KeyboardEvent);
  };
  target.addEventListener('keydown', hold, { capture: true });
  return () => {
    target.removeEventListener('keydown', hold, { capture: true });
    for (const event of held) giveTo(event);
  };
}

/** As if it were pressed now. */
export function pressAgain(event: KeyboardEvent): void {
  (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', event));
}
