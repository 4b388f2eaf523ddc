/**
 * Regions of the window, from the top left on: F6 goes from one to the next. Within pictures Tab goes from viewport to
 * viewport; in the others, once a key has gone there, from control to control.
 */
const pictures = '.stage .vps';
const regions = ['.bar', '.tl-thumbs', '.tools', pictures, '.side', '.strip'] as const;

const focusable = 'button:not([disabled]), a[href], input, select, textarea, [tabindex="0"]';
/** What is on or chosen in a region, before its first control. */
const present = '[aria-current="true"], [aria-current="page"], [aria-selected="true"], [aria-pressed="true"]';

const isSeen = (element: HTMLElement): boolean => element.getClientRects().length > 0;

/** The first control of a region; null where there is none on screen. */
function controlOf(region: string): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>(region)].flatMap((box) => [
    ...box.querySelectorAll<HTMLElement>(focusable),
  ]);
  const seen = all.filter(isSeen);
  return seen.find((element) => element.matches(present)) ?? seen[0] ?? null;
}

/** The focus goes to the next or previous region that has something; pictures have the keys while nothing has the focus. */
export function focusRegion(by: 1 | -1): void {
  const { activeElement } = document;
  const at = regions.findIndex((region) => activeElement?.closest(region));
  const from = at < 0 ? regions.indexOf(pictures) : at;
  for (let n = 1; n < regions.length; n += 1) {
    const region = regions[(from + by * n + regions.length * n) % regions.length]!;
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
