import { expect, test } from 'vitest';
import { volumePresets } from '../../../core/scene/presets.ts';
import { showsNothing } from './volume-panel.tsx';

const preset = (en: string) => {
  const found = volumePresets.find((candidate) => candidate.en === en);
  if (!found) throw new Error(en);
  return found;
};

test('a preset shows nothing where the series has no value that high', () => {
  // Implants begin above 2000 HU (reading room, section 4).
  expect(showsNothing(preset('Implant'), 1999, 0)).toBe(true);
  expect(showsNothing(preset('Implant'), 2000, 0)).toBe(true);
  expect(showsNothing(preset('Implant'), 2001, 0)).toBe(false);
  expect(showsNothing(preset('Implant'), 2001, 100)).toBe(true);
  expect(showsNothing(preset('Implant'), 1950, -100)).toBe(false);
});

test('says so of no preset before a value is known, nor of projections', () => {
  expect(showsNothing(preset('Implant'), null, 0)).toBe(false);
  expect(showsNothing(preset('MIP'), -2000, 0)).toBe(false);
});
