// AssemblyScript entry: every kernel of resources/wasm/kernels.wasm.
export { bricks, occupancy } from './bricks/bricks.as';
export { curved } from './curved/curved.as';
export { labelRow, veil } from './mask/mask.as';
export { raycast } from './raycast/raycast.as';
export { reslice } from './reslice/reslice.as';
export { shorts } from './shorts/shorts.as';
export { window } from './window/window.as';
