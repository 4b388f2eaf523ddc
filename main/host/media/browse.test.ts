import { describe, expect, it } from 'vitest';
import { removableMounts } from './browse.ts';

const mounts = `/dev/nvme0n1p2 / ext4 rw 0 0
proc /proc proc rw 0 0
tmpfs /mnt/ram tmpfs rw 0 0
/dev/sdb1 /mnt/backup ext4 rw 0 0
/dev/sdc1 /mnt/KINGSTON\\040USB vfat rw 0 0
/dev/sdc12 /mnt/second vfat rw 0 0
/dev/sdcd1 /mnt/other ext4 rw 0 0
/dev/mmcblk0p1 /mnt/card exfat rw 0 0
/dev/loop3 /mnt/image iso9660 ro 0 0
/dev/sdb2 /run/media/wang/患者 ntfs3 rw 0 0
server:/share /media/share nfs rw 0 0
`;

describe('removableMounts', () => {
  it('finds sticks, cards and discs, and nothing else of /mnt', () => {
    expect(removableMounts(mounts, ['sdc', 'mmcblk0'])).toEqual([
      '/mnt/KINGSTON USB',
      '/mnt/second',
      '/mnt/card',
      '/mnt/image',
      '/run/media/wang/患者',
    ]);
  });

  it('finds nothing in an empty table', () => {
    expect(removableMounts('', [])).toEqual([]);
  });
});
