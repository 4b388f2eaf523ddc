import type { Rgb } from './types.ts';

/** What lies behind 3D. White is for paper. */
export const backgrounds = {
  black: [0, 0, 0],
  grey: [58, 64, 70],
  light: [176, 182, 188],
  white: [255, 255, 255],
} as const satisfies Readonly<Record<string, Rgb>>;
export type Background = keyof typeof backgrounds;
export const backgroundNames = Object.keys(backgrounds) as readonly Background[];

export const backgroundOf = (text: string | undefined): Background | undefined =>
  backgroundNames.find((name) => name === text);
