import fc from 'fast-check';
import type { MaskState } from './mask-state.ts';

const byte = fc.nat(255);
const mask = fc.record({
  id: fc.uuid(),
  nameId: fc.constantFrom('bones', null),
  customName: fc.string({ maxLength: 20 }),
  seriesKey: fc.constant('a'),
  groupId: fc.constant('g'),
  role: fc.constantFrom('removed' as const, 'shown' as const),
  colour: fc.tuple(byte, byte, byte),
  opacity: fc.constantFrom(0, 0.35, 1),
  visible: fc.boolean(),
  voxelsId: fc.uuid(),
  size: fc.constant([10, 12, 7] as const),
  volumeMl: fc.constantFrom(0.25, 812.5),
  touchesBorder: fc.boolean(),
});
/** Any layers that a state can hold. */
export const masksArbitrary: fc.Arbitrary<MaskState> = fc
  .record({ layers: fc.array(mask, { maxLength: 3 }), showsRemoved: fc.boolean() })
  .map((state) => ({ ...state, activeId: state.layers[0]?.id ?? null }));
