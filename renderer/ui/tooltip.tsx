import { useEffect, useLayoutEffect, useRef, useState } from 'react';

interface Tip {
  readonly text: string;
  readonly keys: string | undefined;
  readonly anchor: DOMRect;
}

const delayMs = 450;
const gapPx = 6;

/** Where a tip goes: below its control, above when there is no room, inside the window. Sizes in CSS px. */
export function placeTip(
  anchor: DOMRect,
  tip: { width: number; height: number },
  view: { width: number; height: number },
) {
  const below = anchor.bottom + gapPx;
  const top = below + tip.height <= view.height - 4 ? below : anchor.top - gapPx - tip.height;
  const left = anchor.left + anchor.width / 2 - tip.width / 2;
  return { top: Math.max(4, top), left: Math.min(Math.max(4, left), view.width - tip.width - 4) };
}

/** One for the whole window: shows `data-tip` (and `data-keys`) of what is hovered or focused by keyboard. */
export function TooltipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  const [place, setPlace] = useState({ top: 0, left: 0 });
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setTip(null);
    };
    const show = (event: Event) => {
      clearTimeout(timer);
      setTip(null);
      const owner = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null;
      const text = owner?.dataset['tip'];
      if (!owner || !text) return;
      if (event.type === 'focusin' && !owner.matches(':focus-visible')) return;
      timer = setTimeout(() => {
        if (owner.isConnected)
          setTip({ text, keys: owner.dataset['keys'], anchor: owner.getBoundingClientRect() });
      }, delayMs);
    };
    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    for (const type of ['pointerdown', 'keydown', 'wheel', 'focusout'] as const) {
      document.addEventListener(type, hide, { passive: true, capture: true });
    }
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
      for (const type of ['pointerdown', 'keydown', 'wheel', 'focusout'] as const) {
        document.removeEventListener(type, hide, { capture: true });
      }
    };
  }, []);

  useLayoutEffect(() => {
    if (!tip || !box.current) return;
    const { width, height } = box.current.getBoundingClientRect();
    setPlace(placeTip(tip.anchor, { width, height }, { width: innerWidth, height: innerHeight }));
  }, [tip]);

  if (!tip) return null;
  return (
    <div ref={box} className="tip" role="tooltip" style={place}>
      {tip.text}
      {tip.keys && <kbd>{tip.keys}</kbd>}
    </div>
  );
}
