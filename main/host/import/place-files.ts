import type { Hashes } from '../objects/copy-operations.ts';
import type { IntakeContext, Ready, Scanned } from './intake.ts';

/**
 * Files opened in place: nothing is copied, so nothing is hashed, unless two files claim the same SOP Instance
 * UID. Then both are hashed, and an equal data set is a duplicate as on import.
 */
export class PlaceFiles {
  /** First file of each UID; its hash once it was needed. */
  readonly #first = new Map<string, { file: string; datasetOffset: number; hash: string | null }>();

  async ready(chunk: readonly Scanned[], context: IntakeContext): Promise<Ready[]> {
    const out: Ready[] = [];
    for (const item of chunk) out.push(item.kind === 'readable' ? await this.#readyOne(item, context) : item);
    return out;
  }

  async #readyOne(
    { candidate, scan }: Extract<Scanned, { kind: 'readable' }>,
    context: IntakeContext,
  ): Promise<Ready> {
    const uid = scan.SOPInstanceUID ?? '';
    const { file, shownPath, sizeBytes, modifiedAtMs } = candidate;
    const row = { scan: scan.bytes, fileSha256: null, sizeBytes, path: file, modifiedAtMs };
    const first = this.#first.get(uid);
    if (uid === '' || !first) {
      if (uid !== '') this.#first.set(uid, { file, datasetOffset: scan.datasetOffset, hash: null });
      return {
        kind: 'row',
        path: shownPath,
        row: { ...row, datasetSha256: '' },
        isNewObject: false,
      };
    }
    const mine = await hash(context, file, scan.datasetOffset);
    first.hash ??= (await hash(context, first.file, first.datasetOffset))?.datasetSha256 ?? null;
    const isSame = mine !== null && mine.datasetSha256 === first.hash;
    const datasetSha256 = isSame ? '' : (mine?.datasetSha256 ?? `path:${file}`);
    return {
      kind: 'row',
      path: shownPath,
      row: { ...row, datasetSha256 },
      isNewObject: false,
    };
  }
}

async function hash(context: IntakeContext, file: string, datasetOffset: number): Promise<Hashes | null> {
  const result = await context.copies.use((worker) =>
    worker.call('hash', { file, datasetOffset, cancel: context.cancel }),
  );
  return result.ok ? result.value.hashes : null;
}
