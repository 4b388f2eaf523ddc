import { expect, it } from 'vitest';
import { ok } from '../../../core/base/result.ts';
import type { Attributes } from '../../../core/dicom/types.ts';
import { element } from '../../../core/dicom/write/element.ts';
import type { SeriesPlan, VolumeGroup } from '../../../core/volume/types.ts';
import { derivationSource } from './derivation-source.ts';

async function sourceOf(attributes: Attributes) {
  const plan = {
    common: {},
    instances: [{ instanceKey: 'a', sopInstanceUID: '1.2', attributes }],
    frames: [{ instance: 0, attributes: {} }],
  } as unknown as SeriesPlan;
  const inherited = [element(0x00541001, 'CS', 'BQML'), element(0x00100020, 'LO', 'P1')];
  const source = await derivationSource(async () => ok({ elements: inherited }), plan, {
    frames: [0],
  } as unknown as VolumeGroup);
  if (!source.ok) throw new Error(source.problem.code);
  return source.value;
}

it('says whether CT values are HU', async () => {
  const ct = { Modality: 'CT', RescaleIntercept: -1024, RescaleSlope: 1 };
  expect((await sourceOf(ct)).isHu).toBe(true);
  expect((await sourceOf({ ...ct, RescaleUnreadable: 'RescaleIntercept' })).isHu).toBe(false);
  expect((await sourceOf({ Modality: 'MR' })).isHu).toBeUndefined();
});

it('hands no unit down of PET values that could not be rescaled', async () => {
  const unitOf = async (attributes: Attributes) =>
    (await sourceOf(attributes)).inherited.map(({ value }) => value);
  const pet = { Modality: 'PT', Units: 'BQML' };
  expect(await unitOf(pet)).toEqual(['BQML', 'P1']);
  expect(await unitOf({ ...pet, RescaleUnreadable: 'RescaleSlope' })).toEqual(['NONE', 'P1']);
});

it('says whether low values are white', async () => {
  expect((await sourceOf({ PresentationLUTShape: 'INVERSE' })).isInverted).toBe(true);
  expect((await sourceOf({ PresentationLUTShape: 'IDENTITY' })).isInverted).toBeUndefined();
});
