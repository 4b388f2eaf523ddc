import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, the longest first: started last, one would run alone beside an idle core. */
export const longest = [
  'receiver-soak',
  'receiver-hostile',
  'volume-oracle',
  'receiver-crash',
  'receiver-load',
  'volume-kinds',
  'backup',
  'rebuild',
  'cli-shared-data',
  'cli',
  'receiver-steps',
  'remote-trouble',
  'commitment',
  'two-roads',
  'all-series',
  'journey',
  'bookmarks',
  'marks',
  'fused-3d',
  'keep-reading',
  'sized-picture',
  'sized-along',
];

/** Place of a file in the order; all that are not named come after those that are. */
export function placeOf(path: string): number {
  const name = /([^/\\]+)\.(?:test|spec)\.tsx?$/.exec(path)?.[1] ?? '';
  const place = longest.indexOf(name);
  return place < 0 ? longest.length : place;
}

/** vitest orders by the durations that it remembers; a fresh clone remembers none. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ordered = await super.sort(files);
    return ordered.sort((a, b) => placeOf(a.moduleId) - placeOf(b.moduleId));
  }
}
