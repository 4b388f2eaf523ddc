import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/600.css';
import '@fontsource-variable/noto-sans-jp/index.css';
import '@fontsource-variable/noto-sans-kr/index.css';
import './scripts.css';

/** The family that Candela ships; put it first wherever texts are drawn on pictures. */
export const pictureFontFamily = '"Noto Sans SC", sans-serif';

/**
 * Waits until the shipped font has the slices for a text, in both weights, so that a canvas never draws
 * with a stand-in. Resolves also when a slice cannot be loaded: a stand-in is better than no text.
 */
export async function fontsReady(text: string): Promise<void> {
  const load = (weight: number) => document.fonts.load(`${weight} 13px "Noto Sans SC"`, text);
  await Promise.all([load(400), load(600)]).catch(() => undefined);
}
