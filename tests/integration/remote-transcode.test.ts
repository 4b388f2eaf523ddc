/** Lossless transcoding for peers that do not take what is stored: the manifest's hashes are the oracle. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dataset, readDataset } from '../../core/dicom/dataset.ts';
import { transferSyntaxOf } from '../../core/dicom/tables/transfer-syntaxes.ts';
import { encodePart10 } from '../../core/dicom/write/encode.ts';
import { explicitLittleEndian, implicitLittleEndian } from '../../core/dicom/write/transfer-syntax.ts';
import { createDecodeService, type DecodeService } from '../../main/host/decode/service.ts';
import { temporaryFolder } from '../fixtures/host.ts';
import { readManifest, sharedDataFolder, sharedDataMissing } from '../fixtures/shared-data.ts';

const folder = sharedDataFolder();
const scratch = temporaryFolder();
let service: DecodeService;
beforeAll(() => {
  service = createDecodeService({ threads: 2, deadlineMs: 60_000 });
});
afterAll(async () => {
  await service.close();
  scratch.remove();
});

const syntaxes = { explicit: explicitLittleEndian, implicit: implicitLittleEndian } as const;

/** A data set without meta information as a file that any reader takes. */
function part10(dataset: Uint8Array, syntax: (typeof syntaxes)[keyof typeof syntaxes]): Uint8Array {
  const ids = [
    { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.7' },
    { tag: 0x00080018, vr: 'UI', value: '1.2.3' },
  ];
  const whole = encodePart10(ids, { syntax });
  const empty = encodePart10([], { syntax });
  const datasetBytes = 8 + 26 + 8 + 6;
  // The meta part ends where the two elements begin.
  const meta = whole.subarray(0, whole.length - datasetBytes);
  return empty.length > 0 ? Buffer.concat([meta, dataset]) : dataset;
}

let made = 0;
async function transcoded(path: string, to: keyof typeof syntaxes) {
  const out = join(scratch.path, `${++made}.set`);
  const result = await service.transcode({ path, to: syntaxes[to].uid, out });
  if (!result.ok) return result;
  const dataset = readFileSync(out);
  expect(dataset.length).toBe(result.value);
  const file = join(scratch.path, `${made}.dcm`);
  writeFileSync(file, part10(dataset, syntaxes[to]));
  return { ok: true as const, value: file };
}

/** What a reader finds, but for pixels, what decoding changes, and what a syntax may write otherwise. */
function valuesOf(dataset: Dataset): unknown[] {
  return dataset
    .filter(({ tag }) => tag % 65_536 !== 0 && tag < 0x7fe00000 && !changing.has(tag))
    .map(({ tag, items, value }) => [tag.toString(16), items?.map(valuesOf), value ?? null]);
}
const changing = new Set([0x00280004, 0x00280006, 0x00880200]);

function treeOf(path: string): unknown[] {
  const tree = readDataset(readFileSync(path));
  if (!tree.ok) throw new Error(tree.problem.code);
  return valuesOf(tree.value.dataset);
}

describe.skipIf(folder === null)(`transcoding shared data (${sharedDataMissing} otherwise)`, () => {
  const files = folder
    ? readManifest(folder).files.filter(
        (file) => file.pixels?.sha256 && file.TransferSyntaxUID && file.expected === undefined,
      )
    : [];
  const kinds = new Map(
    files.map((file) => [`${file.TransferSyntaxUID} ${file.photometricInterpretation}`, file]),
  );

  it.each([...kinds])('%s keeps its pixels', async (_kind, file) => {
    const path = join(folder ?? '', file.path);
    const { problem, max, ...before } = await service.frameSummary(path);
    // A stream that contradicts its header is none any more once it is decoded.
    expect([undefined, 'PIXEL_ENCODING_MISMATCH', 'BIT_DEPTH']).toContain(problem?.code);
    for (const to of ['explicit', 'implicit'] as const) {
      const done = await transcoded(path, to);
      if (!done.ok) throw new Error(`${file.path}: ${done.problem.code}`);
      const after = await service.frameSummary(done.value);
      expect(after).toMatchObject({ ...before, source: done.value, photometric: after.photometric });
      expect(after.problem).toBeUndefined();
      // Values beyond BitsStored are cut off before, and have as many bits as they need after.
      if (problem?.code === 'BIT_DEPTH') expect(after.max).toBeGreaterThanOrEqual(max ?? 0);
      else expect(after.max).toBe(max);
      if (!transferSyntaxOf(file.TransferSyntaxUID ?? '')?.encapsulated) {
        expect(after.photometric).toBe(before.photometric);
      }
      if (to === 'explicit' && problem?.code !== 'BIT_DEPTH')
        expect(treeOf(done.value)).toEqual(treeOf(path));
    }
  });
});
