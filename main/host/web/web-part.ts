import { problem } from '../../../core/base/problem.ts';
import { fail, ok, type Result } from '../../../core/base/result.ts';
import type { ByteSource } from '../../../core/dicom/byte-source.ts';
import { type Dataset, type DatasetElement, readDataset } from '../../../core/dicom/dataset.ts';
import { limits } from '../../../core/dicom/limits.ts';
import { transferSyntaxOf } from '../../../core/dicom/tables/transfer-syntaxes.ts';
import {
  type ElementPath,
  type JsonDataset,
  jsonOfDataset,
  jsonText,
  littleEndian,
} from '../../../core/dicomweb/json-write.ts';
import { xmlOfDataset } from '../../../core/dicomweb/xml-write.ts';

/** What the parser makes of a stored file for DICOMweb. */
export type WebParseRequest =
  /** The DICOM JSON Model or the Native DICOM Model as UTF-8; large values as `<bulkRoot>/<path>`. */
  | {
      readonly file: string;
      readonly want: 'metadata';
      readonly form: DatasetForm;
      readonly bulkRoot: string;
    }
  /** One value's bytes, little endian. NOT_FOUND where there is none. */
  | { readonly file: string; readonly want: 'value'; readonly path: ElementPath };

export type DatasetForm = 'json' | 'xml';

/** One data set as UTF-8. */
export const datasetBytes = (dataset: JsonDataset, form: DatasetForm): Uint8Array =>
  new TextEncoder().encode(form === 'xml' ? xmlOfDataset(dataset) : jsonText(dataset));

/** `00400100/0/00400008`: tags as hexadecimal numbers, item numbers from 0 in between. */
export const pathText = (path: ElementPath): string =>
  path
    .map((part, index) => (index % 2 === 0 ? part.toString(16).toUpperCase().padStart(8, '0') : String(part)))
    .join('/');

/** The reverse of `pathText`; null when it is none. */
export function parsePathText(parts: readonly string[]): ElementPath | null {
  if (parts.length % 2 === 0 || parts.length > 2 * limits.nesting) return null;
  const path = parts.map((part, index) => {
    const isWell = index % 2 === 0 ? /^[0-9a-f]{8}$/i.test(part) : /^\d{1,6}$/.test(part);
    return isWell ? Number.parseInt(part, index % 2 === 0 ? 16 : 10) : Number.NaN;
  });
  return path.some(Number.isNaN) ? null : path;
}

/** In the parser's thread only. */
export function webPart(source: ByteSource, request: WebParseRequest): Result<Uint8Array> {
  const isValue = request.want === 'value';
  const tree = readDataset(source, isValue ? { maxValueBytes: limits.valueBytes } : {});
  if (!tree.ok) return tree;
  const { dataset, transferSyntaxUID } = tree.value;
  if (request.want === 'metadata') {
    const { bulkRoot, form } = request;
    const bulkUri = (path: ElementPath): string => `${bulkRoot}/${pathText(path)}`;
    return ok(datasetBytes(jsonOfDataset(dataset, { transferSyntaxUID, bulkUri }), form));
  }
  const element = elementAt(dataset, request.path);
  const bytes = element && bytesOf(element, transferSyntaxOf(transferSyntaxUID)?.bigEndian === true);
  return bytes ? ok(bytes) : fail(problem('NOT_FOUND'));
}

function elementAt(dataset: Dataset, path: ElementPath): DatasetElement | undefined {
  let here: Dataset | undefined = dataset;
  for (let at = 0; at < path.length && here !== undefined; at += 2) {
    const found: DatasetElement | undefined = here.find(({ tag }) => tag === path[at]);
    if (at + 1 >= path.length) return found;
    here = found?.items?.[path[at + 1]!];
  }
  return undefined;
}

const numberBytes: Readonly<
  Record<string, readonly [size: number, set: (v: DataView, at: number, x: number) => void]>
> = {
  US: [2, (view, at, x) => view.setUint16(at, x, true)],
  SS: [2, (view, at, x) => view.setInt16(at, x, true)],
  UL: [4, (view, at, x) => view.setUint32(at, x, true)],
  SL: [4, (view, at, x) => view.setInt32(at, x, true)],
  FL: [4, (view, at, x) => view.setFloat32(at, x, true)],
  FD: [8, (view, at, x) => view.setFloat64(at, x, true)],
  SV: [8, (view, at, x) => view.setBigInt64(at, BigInt(x), true)],
  UV: [8, (view, at, x) => view.setBigUint64(at, BigInt(x), true)],
};

function bytesOf({ vr, value }: DatasetElement, isBig: boolean): Uint8Array | undefined {
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return isBig ? littleEndian(value, vr) : value;
  const binary = numberBytes[vr];
  if (binary === undefined) return new TextEncoder().encode(value.join('\\'));
  const [size, set] = binary;
  const bytes = new Uint8Array(value.length * size);
  const view = new DataView(bytes.buffer);
  for (const [index, one] of value.entries()) set(view, index * size, Number(one));
  return bytes;
}
