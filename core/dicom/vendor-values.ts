import type { Collected } from './attribute-reader.ts';
import type { ByteWindow } from './byte-source.ts';
import { csaValues, protocolSlices } from './csa-header.ts';
import { type Item, type ItemValue, readItems } from './items.ts';
import { numbersOf } from './picture-parts.ts';
import type { Mosaic } from './types.ts';
import { latin1, trimmedEnd } from './values.ts';
import { VR } from './vr.ts';
import type { Walker } from './walker.ts';

/**
 * Private elements that say what geometry and grouping need and older files say nowhere else: b-values and directions
 * (Siemens, GE, Philips, United Imaging), which part of complex pictures it is (GE), what is labelled (Philips), and how slices are tiled in one frame. Each counts only within a block that its
 * creator reserved (PS3.5 7.8.1), or where the creator is gone, in the maker's usual one.
 */
const siemens = 'SIEMENS MR HEADER';
const siemensCsa = 'SIEMENS CSA HEADER';
const csaImage = `${siemensCsa}|0029|10`;
const csaSeries = `${siemensCsa}|0029|20`;
const ge = 'GEMS_PARM_01';
const geAcquisition = 'GEMS_ACQU_01';
const philips = 'Philips Imaging DD 001';
const philipsMr = 'Philips MR Imaging DD 001';
const philipsLabels = 'Philips MR Imaging DD 005';
const united = 'Image Private Header';
const wanted: ReadonlySet<string> = new Set([
  `${siemens}|0019|0a`,
  `${siemens}|0019|0c`,
  `${siemens}|0019|0e`,
  csaImage,
  csaSeries,
  `${ge}|0043|2f`,
  `${ge}|0043|39`,
  ...['bb', 'bc', 'bd'].map((last) => `${geAcquisition}|0019|${last}`),
  `${philips}|2001|03`,
  ...['b0', 'b1', 'b2'].map((last) => `${philipsMr}|2005|${last}`),
  `${philipsLabels}|2005|29`,
  `${united}|0065|09`,
  `${united}|0065|37`,
  `${united}|0065|50`,
  `${united}|0065|51`,
]);
const groups: ReadonlySet<number> = new Set([0x0019, 0x0029, 0x0043, 0x0065, 0x2001, 0x2005]);
/** Group and last byte of what is wanted, so that most private elements cost one look-up. */
const wantedPlaces: ReadonlySet<number> = new Set(
  [...wanted].map((key) => {
    const [, group = '', last = ''] = key.split('|');
    return (Number.parseInt(group, 16) << 8) | Number.parseInt(last, 16);
  }),
);
const maxBytes = 2 ** 20;
const positionTag = 0x00200032;

export class VendorValues {
  /** Creator by group and block. */
  readonly #creators = new Map<number, string>();
  readonly #values = new Map<string, ItemValue>();
  #frames: readonly Item[] = [];

  /** One element of the top level, of a private group. */
  see(walker: Walker, window: ByteWindow, attributes: Collected): void {
    const { tag, offset, length, vr, bigEndian } = walker;
    const group = tag >>> 16;
    if (!groups.has(group) || !mayBeMr(attributes)) return;
    const element = tag & 0xffff;
    if (element >= 0x10 && element <= 0xff) {
      const at = length > 0 && length <= 64 ? window.ensure(offset, length) : -1;
      if (at < 0) return;
      const end = trimmedEnd(window.bytes, at, at + length);
      this.#creators.set((group << 8) | element, latin1(window.bytes, at, end).trim());
      return;
    }
    const key = this.#keyOf(tag, attributes);
    if (key === undefined || length === 0 || length > maxBytes || this.#values.has(key)) return;
    // CSA headers are long; only mosaics need them, and that of the series only without the image's.
    if (group === 0x0029 && !isMosaic(attributes)) return;
    if (key === csaSeries && this.#values.has(csaImage)) return;
    const bytes = window.copy(offset, length);
    if (bytes !== undefined) this.#values.set(key, { tag, vr, bytes, bigEndian });
  }

  /** Reads the sequence whose Token.Sequence the walker has just given, where it lists the slices of a grid. */
  seeSequence(walker: Walker, window: ByteWindow, attributes: Collected): void {
    if (this.#keyOf(walker.tag, attributes) === `${united}|0065|51`) this.#frames = readItems(walker, window);
  }

  /** Adds what the standard attributes leave out. */
  complete(attributes: Collected): void {
    if (!mayBeMr(attributes)) return;
    if (this.#values.size === 0 && attributes['SequenceName'] === undefined) return;
    if (attributes['DiffusionBValue'] === undefined) {
      const value = this.#bValue() ?? bValueOfName(attributes['SequenceName']);
      if (value !== undefined) attributes['DiffusionBValue'] = value;
    }
    const [part] = this.#numbers(`${ge}|0043|2f`, VR.SS);
    const component = part === undefined ? undefined : geComponents[part];
    if (attributes['ComplexImageComponent'] === undefined && component !== undefined)
      attributes['ComplexImageComponent'] = component;
    const label = this.#values.get(`${philipsLabels}|2005|29`)?.bytes;
    if (attributes['ASLContext'] === undefined && label && label.length <= 16) {
      const text = latin1(label, 0, trimmedEnd(label, 0, label.length)).trim();
      if (text === 'LABEL' || text === 'CONTROL') attributes['ASLContext'] = text;
    }
    const direction = this.#direction(attributes['DiffusionBValue']);
    if (attributes['DiffusionGradientOrientation'] === undefined && direction?.length === 3)
      attributes['DiffusionGradientOrientation'] = direction;
  }

  /** It tells pictures apart, no more: GE's is along frequency, phase and slice, not in the patient's space. */
  #direction(bValue: unknown): readonly number[] | undefined {
    const apart = (creator: string, group: string, lasts: readonly string[], vr: number): readonly number[] =>
      lasts.flatMap((last) => this.#numbers(`${creator}|${group}|${last}`, vr));
    const found = [
      this.#numbers(`${siemens}|0019|0e`, VR.FD),
      this.#numbers(`${united}|0065|37`, VR.FD),
      apart(philipsMr, '2005', ['b0', 'b1', 'b2'], VR.FL),
      // Without weighting they are whatever the sequence keeps there.
      typeof bValue === 'number' && bValue > 0 ? apart(geAcquisition, '0019', ['bb', 'bc', 'bd'], VR.DS) : [],
    ];
    return found.find((direction) => direction.length === 3);
  }

  /** How slices are tiled in each frame; undefined for ordinary pictures. */
  mosaic(attributes: Collected): Mosaic | undefined {
    if (this.#frames.length > 0) return this.#unitedGrid();
    if (!isMosaic(attributes)) return undefined;
    const image = this.#values.get(csaImage)?.bytes;
    const series = this.#values.get(csaSeries)?.bytes;
    const csa = image ? csaValues(image, csaNames) : undefined;
    const protocol = series ? protocolSlices(series) : undefined;
    const [slices = Number(csa?.get('NumberOfImagesInMosaic')?.[0] ?? protocol?.slices)] = this.#numbers(
      `${siemens}|0019|0a`,
      VR.US,
    );
    if (!isCount(slices)) return undefined;
    const normal = csa?.get('SliceNormalVector')?.map(Number) ?? protocol?.normal ?? [];
    const isNormal = normal.length === 3 && normal.every(Number.isFinite) && Math.hypot(...normal) > 0.5;
    return { slices, layout: 'square', ...(isNormal && { sliceNormal: normal }) };
  }

  #unitedGrid(): Mosaic | undefined {
    const [declared = this.#frames.length] = this.#numbers(`${united}|0065|50`, VR.DS);
    const positions = this.#frames.map((item) => numbersOf(item.get(positionTag), VR.DS));
    const isWhole = positions.every((position) => position.length === 3 && position.every(Number.isFinite));
    if (!isCount(declared) || declared !== positions.length || !isWhole) return undefined;
    return { slices: declared, layout: 'rows', positions };
  }

  #bValue(): number | undefined {
    if (this.#values.size === 0) return undefined;
    const [fromSiemens] = this.#numbers(`${siemens}|0019|0c`, VR.IS);
    const [fromGe] = this.#numbers(`${ge}|0043|39`, VR.IS);
    const [fromPhilips] = this.#numbers(`${philips}|2001|03`, VR.FL);
    const [fromUnited] = this.#numbers(`${united}|0065|09`, VR.FD);
    // GE adds 1e9 on some software versions; no scanner reaches 1e5 s/mm².
    const found =
      fromSiemens ?? (fromGe === undefined ? undefined : fromGe % 1e5) ?? fromPhilips ?? fromUnited;
    return found !== undefined && Number.isFinite(found) && found >= 0 ? found : undefined;
  }

  #keyOf(tag: number, attributes?: Collected): string | undefined {
    if (!wantedPlaces.has(((tag >>> 16) << 8) | (tag & 0xff))) return undefined;
    const block = ((tag >>> 16) << 8) | ((tag & 0xffff) >>> 8);
    const creator = this.#creators.get(block) ?? lostCreator(block, attributes?.['Manufacturer']);
    if (creator === undefined) return undefined;
    const [group, last] = [tag >>> 16, tag & 0xff].map((n, at) =>
      n.toString(16).padStart(at === 0 ? 4 : 2, '0'),
    );
    const key = `${creator}|${group}|${last}`;
    return wanted.has(key) ? key : undefined;
  }

  #numbers(key: string, fallbackVr: number): readonly number[] {
    return numbersOf(this.#values.get(key), fallbackVr);
  }
}

/** GE's kinds of pictures, by their number. */
const geComponents = ['MAGNITUDE', 'PHASE', 'REAL', 'IMAGINARY'] as const;
const csaNames: ReadonlySet<string> = new Set(['NumberOfImagesInMosaic', 'SliceNormalVector']);
const isCount = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= 4096;
/** Other modalities have nothing of what is looked for. */
const mayBeMr = ({ Modality }: Collected): boolean => Modality === undefined || Modality === 'MR';
const isMosaic = (attributes: Collected): boolean => {
  const type = attributes['ImageType'];
  return Array.isArray(type) && (type as readonly unknown[]).includes('MOSAIC');
};

/** Anonymisers that keep private values often drop who reserved them: then the maker tells, in its usual block. */
const usualCreators: readonly (readonly [block: number, maker: RegExp, creator: string])[] = [
  [0x001910, /siemens/i, siemens],
  [0x002910, /siemens/i, siemensCsa],
  [0x001910, /^GE|general electric/i, geAcquisition],
  [0x004310, /^GE|general electric/i, ge],
  [0x200110, /philips/i, philips],
  [0x200510, /philips/i, philipsMr],
  [0x200514, /philips/i, philipsLabels],
  [0x006510, /UIH|united imaging/i, united],
];

const lostCreator = (block: number, maker: unknown): string | undefined =>
  typeof maker === 'string'
    ? usualCreators.find(([usual, pattern]) => usual === block && pattern.test(maker))?.[2]
    : undefined;

/** Siemens before VB13 tells b-values only in names such as `*ep_b1000#3` or `ep_b0`. */
function bValueOfName(name: unknown): number | undefined {
  const found = typeof name === 'string' ? /(?:^|_)b(\d{1,5})(?:[#t]|$)/.exec(name) : null;
  return found ? Number(found[1]) : undefined;
}
