/** Points of the patient in the planes on screen: where they are seen, and clicking them. */
import type { Locator, Page } from 'playwright-core';
import { knownAnswers } from '../../core/phantom/known-answers.ts';
import { rowsOf } from './pages.ts';

/** Patient LPS, mm. */
export type Point = readonly [number, number, number];
/** Page, CSS pixels. */
export type Place = readonly [number, number];

export const surface = (page: Page, name: string) => page.locator(`.surface[data-plane="${name}"]`);

/** What an element says, with plain spaces: numbers and units are kept together by others. */
export const plainText = async (of: Locator): Promise<string> =>
  (await of.innerText()).replaceAll('\u00a0', ' ');

/** Opens the first study of the list, and waits for its picture. */
export async function openFirst(page: Page): Promise<void> {
  await rowsOf(page).first().dblclick();
  await page.locator('.surface canvas[data-painted]').first().waitFor();
}

/** The same as planes. */
export async function openFirstAsPlanes(page: Page): Promise<void> {
  await openFirst(page);
  await page.keyboard.press('KeyM');
  await surface(page, 'sagittal').locator('canvas[data-painted]').waitFor();
}

export async function boxOf(page: Page, name: string) {
  const box = await surface(page, name).boundingBox();
  if (!box) throw new Error(`no ${name}`);
  return box;
}

/** What the viewport says of the place under the pointer. */
export async function patientAt(page: Page, name: string, [x, y]: Place): Promise<Point> {
  await page.mouse.move(x + 2, y + 2);
  await page.mouse.move(x, y);
  const probe = surface(page, name).locator('.probe');
  await probe.waitFor();
  const [, place = ''] = (await probe.innerText()).split('@');
  return place.replaceAll('−', '-').split(',').map(Number.parseFloat) as unknown as Point;
}

/** Where a point lies on a plane, from two places whose coordinates the viewport tells. */
export async function placeOf(
  page: Page,
  name: string,
  axes: readonly [0 | 1, 1 | 2],
  want: Point,
): Promise<Place> {
  const { x, y, width, height } = await boxOf(page, name);
  const from: Place = [x + width * 0.45, y + height * 0.45];
  const to: Place = [x + width * 0.55, y + height * 0.55];
  const p = await patientAt(page, name, from);
  const q = await patientAt(page, name, to);
  const along = (n: 0 | 1): number => {
    const axis = axes[n];
    return from[n] + ((want[axis] - p[axis]) / (q[axis] - p[axis])) * (to[n] - from[n]);
  };
  return [along(0), along(1)];
}

/** Sets a point of the line: the crosshair there in the axial plane, then a click with the tool in the coronal one. */
export async function clickPoint(page: Page, want: Point): Promise<void> {
  await page.keyboard.press('KeyO');
  await page.mouse.click(...(await placeOf(page, 'axial', [0, 1], want)));
  await page.keyboard.press('Shift+KeyL');
  await page.mouse.click(...(await placeOf(page, 'coronal', [0, 2], want)));
}

/** The phantom's left iliac artery, with its stenosis of 75 %. */
export const iliac = knownAnswers().vessels.find(({ id }) => id === 'left-iliac')!;

/** Known points lie at even steps of arc length. */
export function iliacAt(arcMm: number): Point {
  const points = iliac.pointsMm as unknown as readonly Point[];
  return points[Math.round((arcMm / iliac.lengthMm) * (points.length - 1))]!;
}
