import type { DrawnRows } from '../../ui/use-rows.ts';

/** The drawn rows by the element that draws them: no element is made, thrown away or moved by scrolling. */
export function rowsBySlot({
  first,
  end,
  slots,
}: DrawnRows): { readonly slot: number; readonly row: number }[] {
  return Array.from({ length: end - first }, (_, i) => first + i)
    .map((row) => ({ slot: row % slots, row }))
    .sort((a, b) => a.slot - b.slot);
}
