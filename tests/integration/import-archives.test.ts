import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, bodyOf, codesOf, importPaths, listAll, openHost, temporaryFolder } from '../fixtures/host.ts';
import { ctSlice, writeSlices } from '../fixtures/slices.ts';
import { zipOf } from '../fixtures/zip.ts';

let folder: ReturnType<typeof temporaryFolder>;
const inside = (name: string): string => join(folder.path, name);

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('archives', () => {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(inside(`in/${name}`)));
  const pack = (...args: string[]) => execFileSync('tar', args, { cwd: inside('in'), stdio: 'ignore' });

  it('give their entries: ZIP, ZIP in ZIP, TAR and TGZ', async () => {
    writeSlices(inside('in/a'), 1, 3);
    writeSlices(inside('in/b'), 2, 2);
    writeSlices(inside('in/c'), 3, 2);
    writeFileSync(inside('in/readme.txt'), 'hello');
    pack('czf', 'c.tgz', 'c');
    pack('cf', 'b.tar', 'b');
    const inner = await zipOf(
      readdirSync(inside('in/a')).map((name) => ({ name: `a/${name}`, bytes: read(`a/${name}`) })),
    );
    const files = ['b.tar', 'c.tgz', 'readme.txt'].map((name) => ({ name, bytes: read(name) }));
    writeFileSync(inside('in/outer.zip'), await zipOf([{ name: 'inner.zip', bytes: inner }, ...files]));
    const host = await openHost(inside('data'));
    const { receipt } = await importPaths(host, [inside('in/outer.zip')]);
    expect(receipt).toMatchObject({ files: 8, stored: 7, notDicom: 1 });
    expect(receipt.problems[0]?.path).toBe(`${inside('in/outer.zip')}/readme.txt`);
    expect((await listAll(host)).rows.map(({ source }) => source)).toEqual(['archive', 'archive', 'archive']);
    expect(readdirSync(inside('data/incoming'))).toEqual(['uploads']);
    const opened = await importPaths(host, [inside('in/outer.zip')], 'open');
    expect(opened.receipt).toMatchObject({ files: 8, stored: 7 });
    const plan = await ask(host, 'series.plan', { seriesKey: `${opened.job.place}.1.2.3.1.0` });
    const pixels = await host.fetch({ method: 'GET', path: `/pixels/${plan.planId}?frames=0` });
    expect((await bodyOf(pixels.body)).length).toBe(12 + 16);
    await ask(host, 'import.closePlace', { place: opened.job.place ?? '' });
    expect(readdirSync(inside('data/incoming'))).toEqual(['uploads']);
    await host.close();
  });

  it('are refused entry by entry where they are encrypted, linked, or leave their folder', async () => {
    mkdirSync(inside('in'));
    const bad = await zipOf([
      { name: 'good.dcm', bytes: ctSlice(1, 1) },
      { name: 'secret.dcm', bytes: ctSlice(1, 2), password: 'password' },
      { name: '../up.dcm', bytes: ctSlice(1, 3) },
      { name: 'link.dcm', bytes: new TextEncoder().encode('/etc/passwd'), isLink: true },
    ]);
    writeFileSync(inside('in/bad.zip'), bad);
    const host = await openHost(inside('data'));
    const { receipt } = await importPaths(host, [inside('in/bad.zip')]);
    expect(receipt).toMatchObject({ files: 4, stored: 1, broken: 3 });
    expect(codesOf(receipt)).toEqual({ ARCHIVE_ENCRYPTED: 1, ARCHIVE_LINK: 1, PATH_REFUSED: 1 });
    await host.close();
  });

  it('may be damaged or a bomb', async () => {
    mkdirSync(inside('in'));
    const flat = Buffer.from(await zipOf([{ name: 'zeros', bytes: new Uint8Array(40 * 1024 * 1024) }]));
    writeFileSync(inside('in/cut.zip'), flat.subarray(0, 2000));
    // A directory that says 1 KiB where 40 MiB come out.
    const lying = Buffer.from(flat);
    const central = lying.indexOf(Buffer.from('PK\u0001\u0002'));
    lying.writeUInt32LE(1024, central + 24);
    writeFileSync(inside('in/lying.zip'), lying);
    const host = await openHost(inside('data'));
    const { receipt } = await importPaths(host, [inside('in/cut.zip'), inside('in/lying.zip')]);
    expect(receipt).toMatchObject({ files: 2, broken: 2 });
    expect(codesOf(receipt)).toEqual({ ARCHIVE_DAMAGED: 1, ARCHIVE_BOMB: 1 });
    await host.close();
  });
});
