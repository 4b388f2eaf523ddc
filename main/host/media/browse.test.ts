import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { browse, drivesOf, entriesOf, mountsOf } from './browse.ts';

const mounts = `/dev/nvme0n1p2 / ext4 rw 0 0
proc /proc proc rw 0 0
tmpfs /mnt/ram tmpfs rw 0 0
/dev/nvme0n1p1 /boot/efi vfat rw 0 0
/dev/loop7 /snap/core/1 squashfs ro 0 0
/dev/nvme0n1p2 /etc/hosts ext4 rw 0 0
/dev/nvme0n1p2 /srv/again ext4 rw 0 0
/dev/sdb1 /mnt/backup ext4 rw 0 0
/dev/sdc1 /mnt/KINGSTON\\040USB vfat rw 0 0
/dev/sdc12 /mnt/second vfat rw 0 0
/dev/sdcd1 /mnt/other ext4 rw 0 0
/dev/mmcblk0p1 /mnt/card exfat rw 0 0
/dev/loop3 /mnt/image iso9660 ro 0 0
/dev/sdb2 /run/media/wang/患者 ntfs3 rw 0 0
server:/share /media/share nfs rw 0 0
//nas/影像 /mnt/nas cifs rw 0 0
`;

describe('mountsOf', () => {
  it('finds sticks, cards and discs, network folders, and each disk once, but nothing of the system', () => {
    expect(mountsOf(mounts, ['sdc', 'mmcblk0'])).toEqual([
      { place: '/mnt/KINGSTON USB', kind: 'stick' },
      { place: '/mnt/second', kind: 'stick' },
      { place: '/mnt/card', kind: 'stick' },
      { place: '/mnt/image', kind: 'stick' },
      { place: '/run/media/wang/患者', kind: 'stick' },
      { place: '/media/share', kind: 'network' },
      { place: '/mnt/nas', kind: 'network' },
      { place: '/', kind: 'disk' },
      { place: '/mnt/backup', kind: 'disk' },
      { place: '/mnt/other', kind: 'disk' },
    ]);
  });

  it('finds nothing in an empty table', () => {
    expect(mountsOf('', [])).toEqual([]);
  });
});

describe('drivesOf', () => {
  it('knows sticks, discs and network drives of Windows apart by their DriveType', () => {
    // https://learn.microsoft.com/windows/win32/cimwin32prov/win32-logicaldisk: 0 unknown, 1 no root.
    expect(drivesOf('C: 3\r\nD: 5\r\nE: 2\r\nQ: 1\r\nZ: 4\r\n')).toEqual([
      { place: 'D:\\', kind: 'stick' },
      { place: 'E:\\', kind: 'stick' },
      { place: 'Z:\\', kind: 'network' },
      { place: 'C:\\', kind: 'disk' },
    ]);
  });

  it('tries every letter where Windows told nothing', () => {
    const letters = drivesOf('Get-CimInstance : Access denied\r\n');
    expect(letters).toHaveLength(26);
    expect(letters[2]).toEqual({ place: 'C:\\', kind: 'disk' });
  });
});

describe('browse', () => {
  const root = mkdtempSync(join(tmpdir(), 'candela-browse-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('lists a folder, of a file the file alone, and says what is not there', async () => {
    for (const name of ['one.zip', 'two.dcm']) writeFileSync(join(root, name), 'abc');
    const file = (name: string) => ({ name, path: join(root, name), kind: 'file', sizeBytes: 3 });
    const parent = tmpdir();
    const whole = { path: root, parent, entries: [file('one.zip'), file('two.dcm')] };
    expect(await browse(root)).toEqual({ ok: true, value: whole });
    const alone = { path: root, parent, entries: [file('one.zip')] };
    expect(await browse(join(root, 'one.zip'))).toEqual({ ok: true, value: alone });
    expect(await browse(join(root, 'no'))).toMatchObject({ ok: false, problem: { code: 'FILE_MISSING' } });
  });
});

describe('entriesOf', () => {
  const root = mkdtempSync(join(tmpdir(), 'candela-media-'));
  afterAll(() => rmSync(root, { recursive: true }));

  it('names what is mounted and its free space, and leaves out what is empty or gone', async () => {
    for (const name of ['STICK', 'CT_1120', 'empty']) mkdirSync(join(root, name));
    writeFileSync(join(root, 'STICK', 'scan.dcm'), 'x');
    writeFileSync(join(root, 'CT_1120', 'DICOMDIR'), 'x');
    const at = (name: string) => join(root, name);
    const found = await entriesOf([
      { place: at('STICK'), kind: 'stick' },
      { place: at('CT_1120'), kind: 'stick' },
      { place: at('empty'), kind: 'stick' },
      { place: at('gone'), kind: 'disk' },
      { place: at('far'), kind: 'network' },
    ]);
    expect(found).toEqual([
      { name: 'STICK', path: at('STICK'), kind: 'stick', sizeBytes: 0, freeBytes: expect.any(Number) },
      { name: 'CT_1120', path: at('CT_1120'), kind: 'disc', sizeBytes: 0 },
      // Not looked into: its server may be gone.
      { name: 'far', path: at('far'), kind: 'network', sizeBytes: 0 },
    ]);
  });
});
