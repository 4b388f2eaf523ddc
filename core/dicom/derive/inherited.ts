/**
 * What a derived object takes over from its source: patient, study, frame of reference, equipment and how it was
 * acquired. An allow-list, so that nothing of the source's own picture (sizes, positions, tables, overlays) and
 * nothing private slips through.
 */
import type { DatasetElement, Dataset as ReadDataset } from '../dataset.ts';
import { type Dataset, element, type WriteElement } from '../write/element.ts';

/** Groups of tags by module (PS3.3 C.7 and C.8), as hexadecimal numbers. */
const inheritedTags = new Set(
  `
  00100010 00100020 00100021 00100030 00100032 00100040 00100022 00101000 00101001 00101010 00101020 00101030
  00102160 00102180 001021b0 001021c0 00104000 00120062 00120063 00120064
  0020000d 00080020 00080030 00080050 00080090 00081030 00081032 00081048 00081060 00200010 00380010 00401012
  00080060 00080021 00080031 00180015 00185100 00200060 00081050 00081070 00181030 00200011 0008103e 00400254
  00200052 00201040
  00080070 00080080 00080081 00081010 00081040 00081090 00181000 00181020 00181050
  00080022 00080032 0008002a 00200012 00204000 00280301 00282110 00282112 00282114
  00180010 00180012 00180014 00181040 00181041 00181042 00181043 00181044 00181046 00181047 00181048 00181049
  00180022 00180060 00181150 00181151 00181152 00181153 00181160 00181170 00181190 00181210 00189305 00189306
  00189307 00189311 00189345
  00180020 00180021 00180023 00180024 00180025 00180080 00180081 00180082 00180083 00180084 00180085 00180086
  00180087 00180091 00180095 00181062 00181250 00181251 00181314 00189087
  00541000 00541001 00541002 00541006 00280051 00541101 00541102 00541103 00541105 00541200 00541300 00541321
  00541322 00181181 00181242 00181071 00181074 00540016 00540410 00540414 00540013 00540022
  `
    .trim()
    .split(/\s+/)
    .map((hex) => Number.parseInt(hex, 16)),
);

/** Also in items: no bytes, nothing private, no tables. */
const textVrs = new Set('AE AS CS DA DT LO LT PN SH ST TM UC UI UR UT'.split(' '));
const numberVrs = new Set('DS IS US SS UL SL FL FD'.split(' '));
const mostItems = 64;
/** Ages, dates and times that a source wrote wrongly are left out (PS3.5 6.2); what identifies stays as it is. */
const shapes: Readonly<Record<string, RegExp>> = {
  AS: /^(\d{3}[DWMY])?$/,
  DT: /^(\d{4,14}(\.\d{1,6})?([+-]\d{4})?)?$/,
  DA: /^(\d{8})?$/,
  TM: /^(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?$/,
};

function copied(read: DatasetElement, depth: number): WriteElement | undefined {
  const { tag, vr, items, value } = read;
  const group = tag >>> 16;
  if (group % 2 === 1 || (tag & 0xffff) === 0) return undefined;
  if (items)
    return depth >= 4
      ? undefined
      : element(
          tag,
          'SQ',
          items.slice(0, mostItems).map((item) => copiedAll(item, depth + 1)),
        );
  if (value === undefined) {
    // Empty is an answer (type 2), but not of how a patient was made anonymous.
    const mayBeEmpty = read.lengthBytes === 0 && textVrs.has(vr) && group !== 0x0012;
    return mayBeEmpty ? element(tag, vr, '') : undefined;
  }
  if (value instanceof Uint8Array || !(textVrs.has(vr) || numberVrs.has(vr))) return undefined;
  const texts: readonly (string | number)[] = value;
  if (texts.some((part) => typeof part === 'number' && !Number.isFinite(part))) return undefined;
  const shape = shapes[vr];
  if (shape && texts.some((part) => !shape.test(String(part)))) return undefined;
  return element(tag, vr, value);
}

const copiedAll = (read: ReadDataset, depth: number): Dataset =>
  read.map((one) => copied(one, depth)).filter((one) => one !== undefined);

/** The elements of a source that an object derived from it keeps; texts are Unicode and are written as UTF-8. */
export const inheritedElements = (source: ReadDataset): Dataset =>
  copiedAll(
    source.filter(({ tag }) => inheritedTags.has(tag)),
    0,
  );
