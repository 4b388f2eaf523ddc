/** Who imports whom (architecture.md section 1): read from the import lines of every product file. */
import { dirname, join, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { productFiles, textOf, withoutComments } from './repository.ts';

interface Import {
  readonly from: string;
  /** A path in the repository, or a package with its subpath. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly isTypeOnly: boolean;
}

const importLine = /(?:^|[;\n])\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/g;
const dynamicImport = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
const urlImport = /new URL\(\s*['"](\.[^'"]+)['"]\s*,\s*import\.meta\.url\s*\)/g;

function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text);
  const found: Import[] = [];
  const add = (specifier: string, isTypeOnly: boolean) => {
    const isPackage = !specifier.startsWith('.');
    const to = isPackage ? specifier : normalize(join(dirname(path), specifier.replace(/[?#].*$/, '')));
    found.push({ from: path, to, isPackage, isTypeOnly });
  };
  for (const match of code.matchAll(importLine)) add(match[2] ?? '', match[1] !== undefined);
  for (const match of code.matchAll(dynamicImport)) add(match[1] ?? '', false);
  for (const match of code.matchAll(urlImport)) add(match[1] ?? '', false);
  return found;
}

const all = productFiles.flatMap((path) => importsOf(path, textOf(path)));
const isUnder = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
const of = (folder: string) => all.filter(({ from }) => isUnder(from, folder));
const show = (imports: readonly Import[]) => imports.map(({ from, to }) => `${from} → ${to}`);
const packageName = (to: string) =>
  to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/');

/** Order inside core: a folder may import those named for it, and itself. */
const coreOrder: Readonly<Record<string, readonly string[]>> = {
  base: [],
  geometry: ['base'],
  dicom: ['base', 'geometry'],
  pixels: ['base', 'geometry', 'dicom'],
  volume: ['base', 'geometry', 'dicom', 'pixels'],
  scene: ['base', 'geometry', 'dicom', 'pixels', 'volume'],
  render: ['base', 'geometry', 'dicom', 'pixels', 'volume', 'scene'],
  measure: ['base', 'geometry', 'dicom', 'pixels', 'volume', 'scene'],
  analysis: ['base', 'geometry', 'dicom', 'pixels', 'volume', 'scene'],
  dimse: ['base', 'geometry', 'dicom'],
  dicomweb: ['base', 'geometry', 'dicom', 'pixels'],
  terms: ['base'],
  report: ['base', 'geometry', 'dicom', 'volume', 'measure', 'analysis', 'terms'],
};

describe('the reader itself', () => {
  it('finds imports of every form', () => {
    const text = [
      "import a from 'x';",
      "import type { B } from './b.ts';",
      "export { c } from '../c.ts';",
      "import './side.css';",
      "const d = await import('y/z');",
      "// import e from 'commented';",
      "/* import f from 'commented'; */",
      'import {\n  g,\n} from "node:fs";',
    ].join('\n');
    expect(importsOf('core/m/n.ts', text).map(({ to }) => to)).toEqual([
      'x',
      'core/m/b.ts',
      'core/c.ts',
      'core/m/side.css',
      'node:fs',
      'y/z',
    ]);
  });

  it('sees the repository', () => {
    expect(all.length).toBeGreaterThan(50);
  });
});

describe('core', () => {
  it('is pure: no package but valibot, and that in core/contract only', () => {
    const outside = of('core').filter(({ from, to, isPackage }) => {
      return isPackage && !(to === 'valibot' && isUnder(from, 'core/contract'));
    });
    expect(show(outside)).toEqual([]);
  });

  it('imports only core', () => {
    expect(show(of('core').filter(({ to, isPackage }) => !isPackage && !isUnder(to, 'core')))).toEqual([]);
  });

  it('keeps its order', () => {
    const wrong = of('core').filter(({ from, to, isPackage, isTypeOnly }) => {
      const area = from.split('/')[1] ?? '';
      const target = to.split('/')[1] ?? '';
      const allowed = coreOrder[area];
      if (isPackage || !allowed || target === area || allowed.includes(target)) return false;
      // The contract's types may be named anywhere; its code (schemas) may not.
      return !(isTypeOnly && target === 'contract');
    });
    expect(show(wrong)).toEqual([]);
  });

  it('reads no clock, no random and no global state', () => {
    // Everything else that is impure (DOM, Node, timers) does not compile there: core/tsconfig.json has no types for it.
    const impure = /\b(Date\.now|new Date\(\s*\)|Math\.random|globalThis)\b/;
    const wrong = productFiles.filter(
      (path) => isUnder(path, 'core') && impure.test(withoutComments(textOf(path))),
    );
    expect(wrong).toEqual([]);
  });
});

describe('main', () => {
  it('imports main, core and kernels, never the page or the preload', () => {
    const wrong = of('main').filter(({ to, isPackage }) => {
      return !isPackage && !['main', 'core', 'native', 'resources'].some((folder) => isUnder(to, folder));
    });
    expect(show(wrong)).toEqual([]);
  });

  it('has a host that knows no shell', () => {
    const shells = ['main/electron', 'main/browser', 'main/cli', 'main/shell'];
    const wrong = of('main/host').filter(({ to }) => shells.some((shell) => isUnder(to, shell)));
    expect(show(wrong)).toEqual([]);
  });

  it('has workers that know no shell', () => {
    const shells = ['main/electron', 'main/browser', 'main/cli', 'main/shell'];
    const wrong = of('main/workers').filter(({ to }) => shells.some((shell) => isUnder(to, shell)));
    expect(show(wrong)).toEqual([]);
  });
});

describe('the page and its preload', () => {
  it('the page imports itself, core and kernels, never main or Node', () => {
    const wrong = of('renderer').filter(({ to, isPackage }) => {
      if (isPackage) return to.startsWith('node:') || to === 'electron' || to === 'ws';
      return !['renderer', 'core', 'native', 'resources'].some((folder) => isUnder(to, folder));
    });
    expect(show(wrong)).toEqual([]);
  });

  it('the preload knows the contract only', () => {
    const wrong = of('preload').filter(({ to, isPackage }) => {
      return isPackage ? to !== 'electron' : !isUnder(to, 'preload') && !isUnder(to, 'core/contract');
    });
    expect(show(wrong)).toEqual([]);
  });

  it('native imports nothing', () => {
    const wrong = of('native').filter(({ to, isPackage, isTypeOnly }) => {
      return isPackage || !(isUnder(to, 'native') || (isTypeOnly && isUnder(to, 'core')));
    });
    expect(show(wrong)).toEqual([]);
  });
});

describe('packages with one home', () => {
  const homes: Readonly<Record<string, readonly string[]>> = {
    electron: ['main/electron', 'preload'],
    'vtk.js': ['renderer/vtk'],
    'better-sqlite3': ['main/host/store'],
    react: ['renderer'],
    'react-dom': ['renderer'],
    ws: ['main/browser'],
  };
  it.each(Object.entries(homes))('%s', (name, folders) => {
    const wrong = all.filter(({ from, to, isPackage }) => {
      return isPackage && packageName(to) === name && !folders.some((folder) => isUnder(from, folder));
    });
    expect(show(wrong)).toEqual([]);
  });
});
