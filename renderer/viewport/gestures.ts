import { type RefObject, useEffect, useRef } from 'react';

/** Keys held during a gesture. */
export interface Held {
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** A running drag; positions in CSS pixels from the viewport's top left. */
export interface Drag {
  move(dx: number, dy: number, x: number, y: number, held: Held): void;
  /** `moved` is false for a click; `cancelled` when Esc was pressed or the system took the pointer away. */
  end?(moved: boolean, cancelled: boolean): void;
  /** What the drag changes, as it is now: shown beside the pointer. */
  note?(): string;
}

export type MouseButton = 'left' | 'middle' | 'right';

export interface GestureTarget {
  /** A button went down here: this viewport is meant. `again`: as a click's second press. */
  activate(again: boolean): void;
  /** It is up again. */
  release?(): void;
  start(button: MouseButton, x: number, y: number, held: Held): Drag | null;
  wheel(steps: number, x: number, y: number, held: Held): void;
  hover(x: number, y: number, held: Held): void;
  /** Tells the value at a place: asked again when the picture changes under a pointer that rests or drags. */
  probe?(x: number, y: number): void;
  leave(): void;
  doubleClick(x: number, y: number): void;
  menu(clientX: number, clientY: number, x: number, y: number): void;
}

/** Moves below this are a click. */
const clickPx = 4;
const clickMs = 300;
/** A press this soon after a click, at its place, is the second of a double click. */
const againMs = 500;
/** Wheel travel of one step: a notch is 100 to 120, a trackpad sends small pieces. */
const notchPx = 60;

const heldOf = (event: MouseEvent): Held => ({
  ctrl: event.ctrlKey || event.metaKey,
  shift: event.shiftKey,
  alt: event.altKey,
});
const buttons: readonly MouseButton[] = ['left', 'middle', 'right'];

/** Steps of a wheel event: whole notches at once, small pieces added up until they make one. */
export class WheelSteps {
  private travel = 0;

  take(event: { readonly deltaX: number; readonly deltaY: number; readonly deltaMode: number }): number {
    // Shift turns the wheel sideways in some systems.
    const delta = event.deltaY === 0 ? event.deltaX : event.deltaY;
    if (delta === 0) return 0;
    if (event.deltaMode !== 0) return Math.sign(delta) * Math.max(1, Math.round(Math.abs(delta) / 3));
    if (Math.abs(delta) >= notchPx) {
      this.travel = 0;
      return Math.sign(delta) * Math.max(1, Math.floor(Math.abs(delta) / 100));
    }
    if (Math.sign(delta) !== Math.sign(this.travel)) this.travel = 0;
    this.travel += delta;
    const steps = Math.trunc(this.travel / notchPx) + 0;
    this.travel -= steps * notchPx;
    return steps;
  }
}

/** Where the pointer is over the element; null when it is elsewhere. */
interface Pointer {
  at: readonly [number, number] | null;
}

/**
 * Listens for the pointer on an element and tells the target. The target may change at every render; `picture` is
 * another object whenever another picture is shown, so that no value of an earlier one stays on screen.
 */
export function useGestures(
  element: RefObject<HTMLElement | null>,
  target: GestureTarget,
  picture?: object | null,
): void {
  const latest = useRef(target);
  latest.current = target;
  const pointer = useRef<Pointer>({ at: null });
  useEffect(() => {
    const box = element.current;
    return box ? listen(box, () => latest.current, pointer.current) : undefined;
  }, [element]);
  useEffect(() => {
    const { at } = pointer.current;
    if (picture && at) latest.current.probe?.(...at);
  }, [picture]);
}

interface Running {
  readonly id: number;
  readonly drag: Drag | null;
  readonly button: MouseButton;
  readonly startX: number;
  readonly startY: number;
  readonly startMs: number;
  x: number;
  y: number;
  moved: boolean;
}

/** The value under a moving hand: set straight into the page, so that a drag draws nothing else again. */
class DragNote {
  private readonly box: HTMLElement;
  private element: HTMLElement | null = null;

  constructor(box: HTMLElement) {
    this.box = box;
  }

  show(text: string, x: number, y: number): void {
    if (text === '') return;
    if (!this.element) {
      this.element = document.createElement('div');
      this.element.className = 'drag-note';
      this.element.ariaHidden = 'true';
      this.box.append(this.element);
    }
    this.element.textContent = text;
    const { clientWidth, clientHeight } = this.box;
    const isRight = x > clientWidth - 160;
    this.element.style.transform =
      `translate(${isRight ? x - 16 : x + 18}px, ${Math.min(clientHeight - 28, y + 18)}px)` +
      (isRight ? ' translateX(-100%)' : '');
  }

  hide(): void {
    this.element?.remove();
    this.element = null;
  }
}

function listen(box: HTMLElement, target: () => GestureTarget, pointer: Pointer): () => void {
  let running: Running | null = null;
  let clicked: Pick<Running, 'x' | 'y' | 'startMs'> | null = null;
  const steps = new WheelSteps();
  const note = new DragNote(box);
  const at = (event: MouseEvent): readonly [number, number] => {
    const { left, top } = box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const isOver = (event: Event, what: string): boolean =>
    event.target instanceof Element && event.target.closest(what) !== null;
  const isControl = (event: Event): boolean => isOver(event, '[data-control]');

  const down = (event: PointerEvent): void => {
    if (isControl(event) || running) return;
    const button = buttons[event.button];
    if (!button) return;
    const [x, y] = at(event);
    const before = clicked;
    clicked = null;
    const isAgain =
      before !== null &&
      button === 'left' &&
      event.timeStamp - before.startMs < againMs &&
      Math.hypot(x - before.x, y - before.y) < clickPx;
    target().activate(isAgain);
    box.setPointerCapture(event.pointerId);
    const drag = target().start(button, x, y, heldOf(event));
    running = {
      id: event.pointerId,
      drag,
      button,
      startX: x,
      startY: y,
      startMs: event.timeStamp,
      x,
      y,
      moved: false,
    };
    addEventListener('keydown', takeBack, true);
    if (button === 'middle') event.preventDefault();
  };
  const move = (event: PointerEvent): void => {
    const [x, y] = at(event);
    pointer.at = [x, y];
    if (!running) {
      target().hover(x, y, heldOf(event));
      return;
    }
    if (event.pointerId !== running.id) return;
    if (Math.hypot(x - running.startX, y - running.startY) >= clickPx) running.moved = true;
    running.drag?.move(x - running.x, y - running.y, x, y, heldOf(event));
    if (running.moved) note.show(running.drag?.note?.() ?? '', x, y);
    running.x = x;
    running.y = y;
  };
  const finish = ({ drag, moved }: Running, isCancelled: boolean): void => {
    running = null;
    note.hide();
    removeEventListener('keydown', takeBack, true);
    drag?.end?.(moved, isCancelled);
    target().release?.();
  };
  // Esc takes back what the hand is doing, and nothing else.
  const takeBack = (event: KeyboardEvent): void => {
    if (event.code !== 'Escape' || !running) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { id } = running;
    finish(running, true);
    box.releasePointerCapture(id);
  };
  const up = (event: PointerEvent): void => {
    if (!running || event.pointerId !== running.id) return;
    const { button, moved, startMs } = running;
    clicked = button === 'left' && !moved ? running : null;
    finish(running, event.type === 'pointercancel');
    const isClick = !moved && event.timeStamp - startMs < clickMs && event.type === 'pointerup';
    if (button === 'right' && isClick) target().menu(event.clientX, event.clientY, ...at(event));
  };
  const wheel = (event: WheelEvent): void => {
    // A badge and the cube have nothing to scroll: the picture below goes on.
    if (isOver(event, '[data-control]:not([data-badge], [data-face])')) return;
    event.preventDefault();
    const count = steps.take(event);
    if (count !== 0) target().wheel(count, ...at(event), heldOf(event));
  };
  const double = (event: MouseEvent): void => {
    if (!isControl(event) && event.button === 0) target().doubleClick(...at(event));
  };
  const leave = (): void => {
    if (running) return;
    pointer.at = null;
    target().leave();
  };
  const menu = (event: Event): void => event.preventDefault();
  box.addEventListener('pointerdown', down);
  box.addEventListener('pointermove', move);
  box.addEventListener('pointerup', up);
  box.addEventListener('pointercancel', up);
  box.addEventListener('pointerleave', leave);
  box.addEventListener('wheel', wheel, { passive: false });
  box.addEventListener('dblclick', double);
  box.addEventListener('contextmenu', menu);
  return () => {
    if (running) target().release?.();
    removeEventListener('keydown', takeBack, true);
    // A viewport that goes while the pointer is over it is left, too: its value would stand in the next one.
    if (pointer.at) target().leave();
    pointer.at = null;
    note.hide();
    box.removeEventListener('pointerdown', down);
    box.removeEventListener('pointermove', move);
    box.removeEventListener('pointerup', up);
    box.removeEventListener('pointercancel', up);
    box.removeEventListener('pointerleave', leave);
    box.removeEventListener('wheel', wheel);
    box.removeEventListener('dblclick', double);
    box.removeEventListener('contextmenu', menu);
  };
}
