import { describe, expect, test } from 'vitest';
import { ageAtStudy, takenText, whereText, whoText } from './corner-texts.ts';
import { WheelSteps } from './gestures.ts';
import { gripAt, movedSpots, ownMark } from './measure-surface.ts';
import { isUnusual } from './picture-texts.tsx';
import { stackLetters } from './stack-letters.ts';
import { formatThickness } from './thickness.ts';
import { flippedHorizontally, rotated, upright } from './view-transform.ts';

const options = { charsetGuess: false, privacy: false };

describe('corner texts', () => {
  const wang = {
    PatientName: { alphabetic: 'Wang^XiuLan', ideographic: '王^秀兰' },
    PatientID: '003921',
    PatientSex: 'F',
    PatientAge: '058Y',
    PatientBirthDate: '19680417',
  };
  test('who', () => {
    expect(whoText('zh-CN', wang, options)).toEqual({
      name: '王秀兰',
      latin: 'WANG XIULAN',
      lines: ['003921 · 女 · 58 岁', '1968-04-17'],
    });
    expect(whoText('en', wang, { ...options, charsetGuess: true }).name).toBe('王秀兰 ?');
    expect(whoText('en', wang, { ...options, privacy: true })).toEqual({ name: '', latin: '', lines: [] });
  });
  test('a missing field leaves nothing', () => {
    expect(whoText('en', {}, options)).toEqual({ name: '', latin: '', lines: [] });
    expect(whereText('en', {})).toEqual([]);
    expect(
      takenText('en', { attributes: {}, image: 1, images: 2, spacingMm: undefined, locationMm: undefined }),
    ).toEqual(['Im 1/2']);
  });
  test('age from the birthday when the file has none', () => {
    expect(ageAtStudy({ PatientBirthDate: '19680417', StudyDate: '20261121' })).toBe('058Y');
    expect(ageAtStudy({ PatientBirthDate: '19681122', StudyDate: '20261121' })).toBe('057Y');
    expect(ageAtStudy({ StudyDate: '20261121' })).toBe('');
  });
  test('where and how', () => {
    const attributes = {
      InstitutionName: '云岭市第一人民医院',
      StudyDate: '20261121',
      StudyTime: '091234.5',
      Modality: 'CT',
      ManufacturerModelName: 'Brilliance 16P',
      SeriesNumber: 2,
      SeriesDescription: '肺窗',
      KVP: 120,
      XRayTubeCurrent: 360,
      SliceThickness: 1,
    };
    expect(whereText('zh-CN', attributes)).toEqual([
      '云岭市第一人民医院',
      '2026-11-21 09:12:34',
      'CT Brilliance 16P',
      'Se: 2 肺窗',
    ]);
    expect(
      takenText('zh-CN', { attributes, image: 76, images: 100, spacingMm: 2, locationMm: -494.8 }),
    ).toEqual(['120 kV  360 mA', '层厚 1.0 mm  间距 2.0 mm  位置 −494.8 mm', 'Im 76/100']);
    // Slices that touch each other say so: both numbers have the same digits.
    const touching = { attributes: { SliceThickness: 1.75 }, image: 1, images: 2, locationMm: undefined };
    expect(takenText('en', { ...touching, spacingMm: 1.75 })[0]).toBe('Thk 1.75 mm  Spacing 1.75 mm');
  });
});

describe('edge letters', () => {
  const axial = { ImageOrientationPatient: [1, 0, 0, 0, 1, 0] };
  test('axial, upright: right of the patient on the left', () => {
    expect(stackLetters(axial, upright)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });
  test('turned clockwise: what was on top is right', () => {
    expect(stackLetters(axial, rotated(upright))).toEqual({ left: 'P', right: 'A', top: 'R', bottom: 'L' });
  });
  test('flipped', () => {
    expect(stackLetters(axial, flippedHorizontally(upright))).toMatchObject({ left: 'L', right: 'R' });
  });
  test('Patient Orientation speaks where there is no other; else no letters', () => {
    expect(stackLetters({ PatientOrientation: ['L', 'F'] }, upright)).toEqual({
      left: 'R',
      right: 'L',
      top: 'H',
      bottom: 'F',
    });
    expect(stackLetters({ PatientOrientation: ['L', 'F'] }, rotated(upright))).toMatchObject({ right: 'H' });
    expect(stackLetters({}, upright)).toBeNull();
    expect(stackLetters({ ImageOrientationPatient: [0, 0, 0, 0, 0, 0] }, upright)).toBeNull();
  });
});

describe('hands', () => {
  test('wheel: a notch is one step, small pieces add up, turning back starts anew', () => {
    const wheel = new WheelSteps();
    const by = (deltaY: number) => wheel.take({ deltaX: 0, deltaY, deltaMode: 0 });
    expect([by(120), by(-120), by(240)]).toEqual([1, -1, 2]);
    expect([by(25), by(25), by(25)]).toEqual([0, 0, 1]);
    expect([by(20), by(-50), by(-20)]).toEqual([0, 0, -1]);
    expect(wheel.take({ deltaX: 0, deltaY: 3, deltaMode: 1 })).toBe(1);
  });
  test('grips: ends, corners, edges, nothing in the middle', () => {
    const spots = [
      { x: 100, y: 100 },
      { x: 200, y: 160 },
    ] as const;
    const mark = ownMark(spots);
    expect(gripAt('length', mark, 101, 98)).toEqual({ kind: 'point', index: 0 });
    expect(gripAt('length', mark, 150, 131)).toEqual({ kind: 'body' });
    expect(gripAt('rectangle', mark, 199, 101)).toEqual({ kind: 'corner', index: 1 });
    expect(gripAt('rectangle', mark, 150, 130)).toBeNull();
    expect(gripAt('ellipse', mark, 150, 101)).toEqual({ kind: 'body' });
    // What was drawn on another picture has no handles here.
    expect(gripAt('rectangle', { ...mark, isOwn: false }, 199, 101)).toEqual({ kind: 'body' });
    // An ellipse in a box that stands on a corner: half axes 20 and 10 along the diagonals.
    const box = [
      { x: 100 + 14.142 - 7.071, y: 100 + 14.142 + 7.071 },
      { x: 100 - 14.142 - 7.071, y: 100 - 14.142 + 7.071 },
      { x: 100 - 14.142 + 7.071, y: 100 - 14.142 - 7.071 },
      { x: 100 + 14.142 + 7.071, y: 100 + 14.142 - 7.071 },
    ] as const;
    const slanted = { spots: [box[0], box[2]] as const, box, isOwn: false };
    expect(gripAt('ellipse', slanted, 114, 114)).toEqual({ kind: 'body' });
    expect(gripAt('ellipse', slanted, 107, 93)).toEqual({ kind: 'body' });
    expect(gripAt('ellipse', slanted, 114, 86)).toBeNull();
    expect(movedSpots(spots, { kind: 'corner', index: 3 }, -10, 5)).toEqual([
      { x: 90, y: 100 },
      { x: 200, y: 165 },
    ]);
  });
});

describe('slice thickness', () => {
  test('is the same wherever it stands, never rounded to nothing', () => {
    const texts = [1, 5, 2.5, 0.625, 1.25, 0.1, 0.0012, 0.001, 10].map(formatThickness);
    expect(texts).toEqual([
      ...['1.0 mm', '5.0 mm', '2.5 mm', '0.63 mm', '1.25 mm', '0.1 mm', '0.0012 mm', '0.001 mm', '10.0 mm'],
    ]);
    expect([0, -1, null, undefined].map(formatThickness)).toEqual(['', '', '', '']);
  });
});

describe('letters of a picture whose texts are off', () => {
  test('stay where left and right, front and back or head and feet lie elsewhere than expected', () => {
    const at = (left: string, top: string) => isUnusual({ left, right: '', top, bottom: '' });
    expect([at('R', 'A'), at('A', 'H'), at('RA', 'H'), at('', ''), at('RP', 'AH')]).toEqual(
      Array.from({ length: 5 }, () => false),
    );
    expect([at('L', 'A'), at('P', 'H'), at('R', 'P'), at('R', 'F'), at('LA', 'A')]).toEqual(
      Array.from({ length: 5 }, () => true),
    );
  });
});
