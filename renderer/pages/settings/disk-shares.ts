import type { StorageStatus } from '../../../core/contract/storage.ts';

/** How the disk of the data folder is taken: by Candela, by all else, and what is free; bytes that add up to the disk. */
export interface DiskShares {
  readonly own: number;
  /** Other files, and what the file system keeps back. */
  readonly others: number;
  readonly free: number;
}

type Measured = Pick<StorageStatus, 'diskBytes' | 'freeBytes' | 'used'>;

/** Counted at other moments, or shared by links, our own files may seem to be more than what is taken. */
export function diskShares({ diskBytes, freeBytes, used }: Measured): DiskShares {
  const free = Math.min(freeBytes, diskBytes);
  const taken = diskBytes - free;
  const own = Math.min(
    taken,
    used.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  return { own, others: taken - own, free };
}
