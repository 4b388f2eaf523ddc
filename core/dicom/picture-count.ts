/** A damaged header may claim thousands of millions of frames: then the objects are counted. */
export const framesAtMost = 100_000;

/** Kinds of series whose frames a person looks at; of all others the objects are counted. */
export const pictureCategories = ['image', 'video'] as const;

/** How many pictures a person finds in a series: its frames; objects where it has none to look at. */
export function pictureCount(series: {
  readonly category: string;
  readonly frames: number;
  readonly instances: number;
}): number {
  const { category, frames, instances } = series;
  const isPicture = (pictureCategories as readonly string[]).includes(category);
  return isPicture && frames > 0 && frames <= framesAtMost ? frames : instances;
}
