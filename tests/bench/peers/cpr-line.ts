/** A centreline as the peer's page is told of it: plain data that goes through JSON. */
export interface BenchLine {
  /** Three numbers a station, LPS mm. */
  readonly points: readonly number[];
  /** Nine numbers a station: unit vectors along the row, through the slab and onwards. */
  readonly frames: readonly number[];
}

export interface CprPeerStep {
  readonly ms: number;
  readonly meanLevel: number;
  /** Grey levels down the middle column, at even distances. */
  readonly levels: readonly number[];
}

export interface CprPeer {
  makeVolume(slices: number): void;
  /** @param samples through the slab; 1 = none */
  step(line: BenchLine, widthMm: number, slabMm: number, samples: number): CprPeerStep;
}

export const cprSize = { width: 512, height: 600 } as const;
export const cprLevels = 11;

declare global {
  interface Window {
    cprPeer: CprPeer;
  }
}
