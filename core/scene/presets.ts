/** Every preset of the product, by what it sets: one place per fact. */
export * from './volume-presets.ts';
export * from './window-presets.ts';
