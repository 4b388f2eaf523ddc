// Writes core/dicom/tables/dictionary.ts from dcmjs' dictionary (PS3.6): `node scripts/generate/dictionary.mjs`.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const source = require.resolve('dcmjs/dictionary');
const { default: dictionary } = await import(pathToFileURL(source).href);

// dcmjs' names for what has no single VR: XS = US or SS, OX = OB or OW, lt = US or OW, up = UL.
const odd = { xs: 'XS', ox: 'OX', lt: 'OW', up: 'UL' };
const rows = [];
const repeating = [];
for (const [key, entry] of Object.entries(dictionary)) {
  const text = key.replace(/[(),]/g, '').toUpperCase();
  const vr = /^[A-Z]{2}$/.test(entry.vr) ? entry.vr : (odd[entry.vr] ?? 'UN');
  if (entry.version !== undefined && !String(entry.version).startsWith('DICOM')) continue;
  const name = String(entry.name ?? '').replace(/^RETIRED_/, '');
  if (!/^[A-Za-z0-9]+$/.test(name)) continue;
  if (/^[0-9A-F]{8}$/.test(text) && Number.parseInt(text.slice(0, 4), 16) % 2 === 0)
    rows.push(`${text}${vr}${name}`);
  else if (/^(50|60)00-(50|60)FF[0-9A-F]{4}$/.test(text))
    repeating.push(`${text.slice(0, 2)}XX${text.slice(9)}${vr}${name}`);
}
rows.sort();
repeating.sort();
const { version } = JSON.parse(
  readFileSync(new URL('../../node_modules/dcmjs/package.json', import.meta.url), 'utf8'),
);
const target = new URL('../../core/dicom/tables/dictionary.ts', import.meta.url);
writeFileSync(
  target,
  `/**
 * The data dictionary (PS3.6), one element a line: tag, VR, keyword.
 * Generated from dcmjs ${version} by scripts/generate/dictionary.mjs; do not edit.
 * XS: US or SS by Pixel Representation; OX: OB or OW. 50XX and 60XX stand for repeating groups.
 */
export const dictionaryText = \`${rows.join('\n')}\`;

export const repeatingText = \`${repeating.join('\n')}\`;
`,
);
console.log(`${rows.length} elements, ${repeating.length} repeating`);
