import { utimes } from 'node:fs/promises';
import { damagedMtimeMs, objectPath } from '../objects/object-path.ts';
import type { Services } from '../services.ts';

export interface DamagedObjects {
  readonly missing: readonly { readonly instanceKey: string }[];
  readonly corrupt: readonly { readonly instanceKey: string; readonly fileSha256: string }[];
}

/** Rows say what became of their files; a corrupt one is marked, so that importing the image again replaces it. */
export async function markDamage(
  { store, folder }: Pick<Services, 'store' | 'folder'>,
  objects: DamagedObjects,
): Promise<void> {
  for (const { fileSha256 } of objects.corrupt) {
    await utimes(objectPath(folder.objects, fileSha256), damagedMtimeMs / 1000, damagedMtimeMs / 1000).catch(
      () => undefined,
    );
  }
  for (const damage of ['missing', 'corrupt'] as const) {
    const instanceKeys = objects[damage].map(({ instanceKey }) => instanceKey);
    if (instanceKeys.length > 0) await store.write.call('setDamage', { instanceKeys, damage });
  }
}
