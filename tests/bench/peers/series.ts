/** A series as a peer's page is told of it: plain data that goes through JSON. */
export interface SeriesDescription {
  /** Folder of the files, ending in a slash. */
  readonly address: string;
  /** From the first slice to the last. */
  readonly files: readonly string[];
  readonly matrix: number;
  readonly spacingMm: number;
  readonly gapMm: number;
  /** Centre of the first voxel, LPS mm. */
  readonly originMm: readonly [number, number, number];
  readonly transferSyntax: string;
}

/** A plane of 512 × 512 pixels of `pixelMm`: its centre and unit vectors, LPS. */
export interface BenchPlane {
  readonly centreMm: readonly [number, number, number];
  readonly right: readonly [number, number, number];
  readonly down: readonly [number, number, number];
}
