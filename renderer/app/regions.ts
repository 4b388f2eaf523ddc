/**
 * Regions of the window, from the top left on: F6 goes from one to the next. Within pictures Tab goes from viewport to
 * viewport; in the others, once a key has gone there, from control to control.
 */
import { type Page, useApp } from './app-store.ts';

const pictures = '.stage .vps';

interface Regions {
  readonly all: readonly string[];
  /** Has the keys while nothing has the focus. */
  readonly home: string;
}

const plain: Regions = { all: ['.bar', '.page', '.strip'], home: '.page' };
const regionsOf: Readonly<Record<Page['kind'], Regions>> = {
  studies: { all: ['.bar', '.src', '.list .search', '.list .grid', '.pv', '.strip'], home: '.list .grid' },
  reading: { all: ['.bar', '.tl-thumbs', '.tools', pictures, '.side', '.strip'], home: pictures },
  settings: plain,
  receipt: plain,
};

const focusable = 'button:not([disabled]), a[href], input, select, textarea, [tabindex="0"]';
/** What is on or chosen in a region, before its first control. */
const present = '[aria-current="true"], [aria-current="page"], [aria-selected="true"], [aria-pressed="true"]';

const isSeen = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** The first control of a region; null where there is none on screen. A list that arrows move in is one itself. */
function controlOf(region: string): HTMLElement | null {
  const boxes = [...document.querySelectorAll<HTMLElement>(region)];
  const whole = boxes.find((box) => box.matches('[tabindex="0"]') && isSeen(box));
  if (whole) return whole;
  const seen = boxes.flatMap((box) => [...box.querySelectorAll<HTMLElement>(focusable)]).filter(isSeen);
  return seen.find((element) => element.matches(present)) ?? seen[0] ?? null;
}

/** The focus goes to the next or previous region that has something; pictures have the keys while nothing has the focus. */
export function focusRegion(by: 1 | -1): void {
  const { activeElement } = document;
  const { all, home } = regionsOf[useApp.getState().page.kind];
  const at = all.findIndex((region) => activeElement?.closest(region));
  const from = at < 0 ? all.indexOf(home) : at;
  for (let n = 1; n < all.length; n += 1) {
    const region = all[(from + by * n + all.length * n) % all.length]!;
    if (region === pictures) {
      if (activeElement instanceof HTMLElement) activeElement.blur();
      return;
    }
    const control = controlOf(region);
    if (control) {
      control.focus();
      return;
    }
  }
}

/** True while Tab goes from control to control: a key has taken the focus to one beside the pictures. */
export const isAmongControls = (): boolean => {
  const { activeElement } = document;
  return activeElement?.matches(':focus-visible') === true && activeElement.closest(pictures) === null;
};
