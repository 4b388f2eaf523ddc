/** The packaging configuration, checked without packing: its schema, its targets, its fuses. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const require = createRequire(join(root, 'node_modules/app-builder-lib/package.json'));
const { load } = require('js-yaml') as { load: (text: string) => Record<string, unknown> };
const { validateSchema } = require('app-builder-lib/out/util/config/schemaValidator.js') as {
  validateSchema: (schema: unknown, config: unknown) => void;
};
const schema: unknown = JSON.parse(
  readFileSync(join(root, 'node_modules/app-builder-lib/scheme.json'), 'utf8'),
);
const config = load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
const copy = () => structuredClone(config);

describe('electron-builder.yml', () => {
  it('fits the schema of the installed electron-builder', () => {
    expect(() => validateSchema(schema, copy())).not.toThrow();
  });

  it('would be refused with a key that the schema does not know', () => {
    expect(() => validateSchema(schema, { ...copy(), asarUnpak: [] })).toThrow(/asarUnpak/);
  });

  it('makes the packages of the three systems', () => {
    const targets = (name: string) => (config[name] as { readonly target: readonly string[] }).target;
    expect(targets('win')).toEqual(['nsis', 'portable']);
    expect(targets('linux')).toEqual(['AppImage', 'deb']);
    expect(targets('mac')).toEqual(['dmg']);
  });

  it('keeps native modules and kernels outside the archive and rebuilds nothing', () => {
    expect(config['asar']).toBe(true);
    expect(config['asarUnpack']).toEqual(['**/*.node', '**/*.wasm']);
    expect(config['npmRebuild']).toBe(false);
  });

  it('names icons that exist', () => {
    for (const name of ['win', 'linux', 'mac']) {
      const { icon } = config[name] as { readonly icon: string };
      const bytes = readFileSync(join(root, icon));
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(bytes.readUInt32BE(16), 'width').toBeGreaterThanOrEqual(512);
    }
  });
});

describe('the fuses', async () => {
  const { setFuses, wantedFuses } = (await import(join(root, String(config['afterPack'])))) as {
    setFuses: (binary: string, isMac: boolean) => Promise<void>;
    wantedFuses: Readonly<Record<string, boolean>>;
  };
  const { FuseV1Options, getCurrentFuseWire } = await import('@electron/fuses');
  const folder = mkdtempSync(join(tmpdir(), 'candela-fuses-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the tool looks for in a binary: a sentinel, the wire's version and length, and one digit a fuse. */
  function fakeBinary(fuses: number): string {
    const path = join(folder, `binary-${fuses}`);
    const sentinel = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
    const filler = Buffer.alloc(1000, 7);
    writeFileSync(
      path,
      Buffer.concat([filler, sentinel, Buffer.from([1, fuses]), Buffer.from('0'.repeat(fuses)), filler]),
    );
    return path;
  }
  const known = Object.keys(FuseV1Options).filter((name) => !/^\d+$/.test(name));

  it('are those of reliability.md D7', () => {
    expect(wantedFuses).toMatchObject({
      RunAsNode: false,
      EnableCookieEncryption: true,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
    });
    expect(Object.keys(wantedFuses).sort()).toEqual(known.sort());
  });

  it('are written into a binary and read back', async () => {
    const binary = fakeBinary(known.length);
    await setFuses(binary, false);
    const wire = (await getCurrentFuseWire(binary)) as unknown as Readonly<Record<number, number>>;
    const states = Object.keys(wantedFuses).map((name) => {
      const index = FuseV1Options[name as keyof typeof FuseV1Options];
      return [name, String.fromCharCode(wire[index] ?? 0) === '1'];
    });
    expect(Object.fromEntries(states)).toEqual(wantedFuses);
  });

  it('stop the build when a binary has one more than we decided on', async () => {
    await expect(setFuses(fakeBinary(known.length + 1), false)).rejects.toThrow(/fuse/i);
  });
});
