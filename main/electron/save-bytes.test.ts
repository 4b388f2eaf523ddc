import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ByteResponse, Host } from '../../core/contract/host.ts';
import { proposedName, saveBytes, saveFile } from './save-bytes.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'candela-save-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hostOf = (answer: ByteResponse) => ({ fetch: async () => answer }) as unknown as Host;

describe('saveBytes', () => {
  it('writes the whole answer under the chosen name', async () => {
    async function* body() {
      yield new Uint8Array([1, 2]);
      yield new Uint8Array([3]);
    }
    const target = join(folder, 'a.dcm');
    expect(
      await saveBytes(hostOf({ status: 200, headers: {}, body: body() }), '/x', async () => target),
    ).toBe(true);
    expect([...readFileSync(target)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['a.dcm']);
  });

  it('leaves nothing behind when the source breaks', async () => {
    async function* body() {
      yield new Uint8Array([1]);
      throw new Error('source broke');
    }
    const target = join(folder, 'a.dcm');
    expect(
      await saveBytes(hostOf({ status: 200, headers: {}, body: body() }), '/x', async () => target),
    ).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks nobody when there is nothing, and writes nothing when cancelled', async () => {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return null;
    };
    expect(await saveBytes(hostOf({ status: 404, headers: {}, body: null }), '/x', ask)).toBe(false);
    expect(asked).toBe(0);
    expect(await saveBytes(hostOf({ status: 200, headers: {}, body: new Uint8Array(1) }), '/x', ask)).toBe(
      false,
    );
    expect(asked).toBe(1);
    expect(existsSync(join(folder, 'a.dcm'))).toBe(false);
  });
});

describe('saveFile', () => {
  it('proposes a plain name and writes the bytes under the chosen one', async () => {
    const target = join(folder, 'a.png');
    const proposed: string[] = [];
    const saved = await saveFile('../x:y.png', new Uint8Array([1, 2, 3]), async (name) => {
      proposed.push(name);
      return target;
    });
    expect(saved).toBe('saved');
    expect(proposed).toEqual(['_x_y.png']);
    expect([...readFileSync(target)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['a.png']);
  });

  it('tells a cancelled dialog from a file that cannot be written', async () => {
    const bytes = new Uint8Array(1);
    expect(await saveFile('a.png', bytes, async () => null)).toBe('cancelled');
    expect(await saveFile('a.png', bytes, async () => join(folder, 'none', 'a.png'))).toBe('failed');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('proposedName', () => {
  it.each([
    ['attachment; filename="study.zip"', 'study.zip'],
    ['attachment; filename="a.zip"; filename*=UTF-8\'\'%E7%8E%8B.zip', '王.zip'],
    ["attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", '_.._etc_passwd'],
    ['attachment; filename="C:\\x<y>|z?.dcm"', 'C__x_y__z_.dcm'],
    ['attachment; filename="..."', 'candela'],
    [`attachment; filename="${'a'.repeat(300)}"`, 'a'.repeat(120)],
  ])('%s → %s', (disposition, expected) => {
    expect(proposedName('/instance/1', { 'content-disposition': disposition })).toBe(expected);
  });
});
