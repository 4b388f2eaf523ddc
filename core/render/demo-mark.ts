/** D, E, M, O in 5 × 7 cells. */
const letters = [
  ['11110', '10001', '10001', '10001', '10001', '10001', '11110'],
  ['11111', '10000', '10000', '11110', '10000', '10000', '11111'],
  ['10001', '11011', '10101', '10101', '10001', '10001', '10001'],
  ['01110', '10001', '10001', '10001', '10001', '10001', '01110'],
] as const;
const letterCells = 6;
/** Of the plate around them. */
const edgeCells = 2;
const columns = letters.length * letterCells - 1 + 2 * edgeCells;
const rows = 7 + 2 * edgeCells;

const isInk = (column: number, row: number): boolean => {
  const [x, y] = [column - edgeCells, row - edgeCells];
  return x >= 0 && letters[Math.floor(x / letterCells)]?.[y]?.[x % letterCells] === '1';
};

/**
 * Writes DEMO into the upper left corner of a picture, white on a black plate of about a quarter of its width, so that
 * what leaves the program says by itself that it is nobody's. RGBA8, in place.
 */
export function markAsDemo(rgba: Uint8Array | Uint8ClampedArray, width: number, height: number): void {
  const cell = Math.max(1, Math.floor(Math.min(width, height) / 120));
  const at = 2 * cell;
  for (let y = 0; y < rows * cell && at + y < height; y += 1)
    for (let x = 0; x < columns * cell && at + x < width; x += 1) {
      const level = isInk(Math.floor(x / cell), Math.floor(y / cell)) ? 255 : 0;
      rgba.set([level, level, level, 255], ((at + y) * width + at + x) * 4);
    }
}
