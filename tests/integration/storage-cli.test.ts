import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, describe, expect, it } from 'vitest';
import { count } from '../fixtures/cli-documents.ts';
import { ask, openHost, temporaryFolder } from '../fixtures/host.ts';
import { writeSlices } from '../fixtures/slices.ts';
import { candela, documentOf } from '../fixtures/terminal.ts';

const folder = temporaryFolder();
const inside = (name: string): string => join(folder.path, name);
const run = (...words: string[]) => candela([...words, '--data', inside('data')]);
afterAll(() => folder.remove());

const problems = v.array(v.strictObject({ path: v.string(), code: v.string(), message: v.string() }));
const sums = { files: count, broken: count, bytes: count, elapsedMs: count, problems };
const rebuildSchema = v.strictObject({ stored: count, ...sums });
const backupSchema = v.strictObject({ folder: v.string(), copied: count, present: count, ...sums });
const checkSchema = v.strictObject({ folder: v.string(), ...sums });
const useSchema = v.strictObject({ data: v.string(), keptAs: v.string() });
const restoreSchema = v.strictObject({ target: v.string(), ...sums });

describe('rebuild, backup and restore', () => {
  it('answer one document each, and a restored folder lists the same', async () => {
    writeSlices(inside('in'), 1, 5);
    expect((await run('import', inside('in'))).code).toBe(0);
    const rebuilt = await run('rebuild', '--json');
    expect(rebuilt.code).toBe(0);
    expect(documentOf(rebuildSchema, rebuilt)).toMatchObject({ stored: 5, problems: [] });
    writeFileSync(inside('secret'), 'open sesame\n');
    const secret = ['--passphrase-file', inside('secret')];
    const backedUp = await run('backup', inside('backup'), ...secret, '--json');
    expect(backedUp.code).toBe(0);
    expect(documentOf(backupSchema, backedUp)).toMatchObject({ present: 0, broken: 0, problems: [] });
    const checked = await run('backup', inside('backup'), '--verify', ...secret, '--json');
    expect(checked.code).toBe(0);
    documentOf(checkSchema, checked);
    const restored = await run('restore', inside('backup'), '--to', inside('restored'), ...secret, '--json');
    expect(restored.code).toBe(0);
    documentOf(restoreSchema, restored);
    const listed = await candela(['list', '--json', '--data', inside('restored')]);
    expect(listed.out).toBe((await run('list', '--json')).out);
  });

  it('puts a restored folder in use, and keeps what was there', async () => {
    const use = (...words: string[]) => run('restore', '--use', inside('restored'), ...words);
    const before = (await run('list', '--json')).out;
    // Gone from the list since the backup; it comes back with it.
    const [study] = JSON.parse(before) as { StudyInstanceUID: string }[];
    const running = await openHost(inside('data'));
    expect((await use()).err).toContain('STORE_IN_USE');
    const { studies } = await ask(running, 'uid.find', { uid: study!.StudyInstanceUID });
    await ask(running, 'studies.delete', { studyKeys: studies });
    await running.close();
    expect((await run('list', '--json')).out).not.toBe(before);
    expect((await run('restore', '--use', inside('in'))).err).toContain('RESTORED_MISSING');
    expect((await run('restore', inside('backup'), '--use', inside('restored'))).code).toBe(2);
    expect((await run('restore')).code).toBe(2);
    const used = await use('--json');
    expect(used).toMatchObject({ code: 0, err: '' });
    const { data, keptAs } = documentOf(useSchema, used);
    expect(data).toBe(inside('data'));
    expect(existsSync(join(keptAs, 'index.db'))).toBe(true);
    expect(existsSync(inside('restored/index.db'))).toBe(false);
    expect((await run('list', '--json')).out).toBe(before);
    expect((await run('verify')).code).toBe(0);
  });

  it('end with a code and a sentence where they cannot do it', async () => {
    const wrong = await run('backup', inside('backup'), '--json');
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toContain('BACKUP_PASSPHRASE');
    const refused = await run(
      'restore',
      inside('backup'),
      '--to',
      inside('in'),
      '--passphrase-file',
      inside('secret'),
    );
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('RESTORE_REFUSED');
    expect((await run('restore', inside('backup'))).code).toBe(2);
    expect((await run('backup', inside('x'), '--passphrase-file', inside('none'))).err).toContain(
      'FILE_MISSING',
    );
    const blobs = readdirSync(inside('backup/blobs'), { recursive: true, withFileTypes: true }).filter((e) =>
      e.isFile(),
    );
    const path = join(blobs[0]!.parentPath, blobs[0]!.name);
    const bytes = readFileSync(path);
    bytes[20]! ^= 1;
    writeFileSync(path, bytes);
    const damaged = await run(
      'backup',
      inside('backup'),
      '--verify',
      '--passphrase-file',
      inside('secret'),
      '--json',
    );
    expect(damaged.code).toBe(1);
    expect(documentOf(checkSchema, damaged).problems).toMatchObject([{ code: 'BACKUP_DAMAGED' }]);
  });
});
