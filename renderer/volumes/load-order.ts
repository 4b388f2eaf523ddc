/**
 * Order of fetching: what is looked at first, then outward, twice as far ahead (in the direction of the last
 * move) as behind.
 * @param count frames of the stack
 * @param focus the frame on screen
 * @param direction sign of the last move; 0 = none yet
 */
export function viewingOrder(count: number, focus: number, direction: number): number[] {
  if (count <= 0) return [];
  const centre = Math.min(count - 1, Math.max(0, focus));
  const order = [centre];
  let ahead = centre + 1;
  let behind = centre - 1;
  const perTurn = direction === 0 ? [1, 1] : direction > 0 ? [2, 1] : [1, 2];
  while (ahead < count || behind >= 0) {
    for (let n = 0; n < perTurn[0]! && ahead < count; n += 1) order.push(ahead++);
    for (let n = 0; n < perTurn[1]! && behind >= 0; n += 1) order.push(behind--);
  }
  return order;
}

/** `[9, 4, 5, 6, 12]` as `9,4-6,12`: ascending runs are shortened, the order stays. */
export function frameList(frames: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < frames.length; ) {
    const first = frames[at]!;
    let length = 1;
    while (frames[at + length] === first + length) length += 1;
    parts.push(length > 2 ? `${first}-${first + length - 1}` : frames.slice(at, at + length).join(','));
    at += length;
  }
  return parts.join(',');
}
