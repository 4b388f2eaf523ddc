import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { faceCss, fontSlices } from '../../../core/report/font-faces.ts';

const family = 'Noto Sans SC';
const weights = [400, 600] as const;

/** Style sheets with the shipped font: those of the built page, else those of its package. */
async function styleSheets(): Promise<readonly string[]> {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const assets = join(folder, 'renderer', 'assets');
    if (existsSync(join(folder, 'assets.json')) && existsSync(assets)) {
      const names = await readdir(assets);
      return names.filter((name) => name.endsWith('.css')).map((name) => join(assets, name));
    }
    const font = join(folder, 'node_modules', '@fontsource', 'noto-sans-sc');
    if (existsSync(font)) return weights.map((weight) => join(font, `${weight}.css`));
    if (dirname(folder) === folder) return [];
  }
}

/**
 * The faces that a text needs, with their bytes, so that Chinese is right on a machine without Chinese fonts. Empty
 * where the font is not found: the document names stand-ins.
 */
export async function reportFontCss(text: string): Promise<string> {
  const faces: string[] = [];
  const taken = new Set<string>();
  for (const sheet of await styleSheets()) {
    const css = await readFile(sheet, 'utf8').catch(() => '');
    for (const slice of fontSlices(css, family, text)) {
      const key = `${slice.weight} ${slice.range}`;
      if (taken.has(key) || !weights.some((weight) => String(weight) === slice.weight)) continue;
      const bytes = await readFile(join(dirname(sheet), slice.url)).catch(() => null);
      if (!bytes) continue;
      taken.add(key);
      faces.push(faceCss(slice, bytes.toString('base64')));
    }
  }
  return faces.join('');
}
