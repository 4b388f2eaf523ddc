/** `candela bench NAME… [--gpu] [--json]`: measures and prints figures; run on an otherwise idle machine. */
import type { Figure } from './figure.ts';

const benches: Readonly<Record<string, () => Promise<{ readonly run: () => Promise<Figure[]> }>>> = {
  import: () => import('./import.ts'),
  search: () => import('./search.ts'),
  open: () => import('./open.ts'),
  'volume-ready': () => import('./volume-ready.ts'),
  scroll: () => import('./scroll.ts'),
  mpr: () => import('./mpr.ts'),
  'volume-render': () => import('./volume-render.ts'),
  cpr: () => import('./cpr.ts'),
  start: () => import('./start.ts'),
  send: () => import('./send.ts'),
  find: () => import('./find.ts'),
  wado: () => import('./wado.ts'),
  receive: () => import('./receive.ts'),
};

/** Not among all: without a card there is nothing to measure. */
const gpu = () => import('./gpu.ts');
const words = process.argv.slice(2);
const json = words.includes('--json');
const names = words.filter((word) => !word.startsWith('--'));
const wanted = names.length === 0 || names.includes('all') ? Object.keys(benches) : names;
const known = (name: string) => (name === 'gpu' ? gpu : Object.hasOwn(benches, name) ? benches[name] : null);
const unknown = wanted.filter((name) => !known(name));

if (unknown.length > 0) {
  process.stderr.write(`bench: ${unknown.join(', ')}? Known: ${Object.keys(benches).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const figures: Figure[] = [];
  for (const name of wanted) {
    process.stderr.write(`bench ${name} …\n`);
    figures.push(...(await (await known(name)!()).run()));
  }
  if (words.includes('--gpu')) figures.push(...(await (await gpu()).run()));
  process.stdout.write(json ? `${JSON.stringify(figures)}\n` : `${figures.map(line).join('\n')}\n`);
  process.exitCode = figures.every((figure) => figure.met) ? 0 : 3;
}

function line(f: Figure): string {
  if (Number.isNaN(f.value)) return `– ${f.name}: ${f.goal}`;
  const mark = f.met ? '✓' : '✗';
  return `${mark} ${f.name}: ${f.value} ${f.unit}; ${f.yardstick}: ${f.yardstickValue} ${f.unit}; ratio ${f.ratio} (${f.goal})`;
}
