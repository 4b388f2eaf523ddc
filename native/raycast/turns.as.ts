// AssemblyScript. What a packet keeps in memory between its turns: first 192 bytes of the mode, in whose
// last four the sample number stands at which it goes on, then its rays.

export const modeBytes: usize = 192;
const nextAt: usize = 188;

/** Infinity once the packet is done. */
export function nextOf(state: usize): f32 {
  return load<f32>(state, nextAt);
}

export function setNext(state: usize, k: f32): void {
  store<f32>(state, k, nextAt);
}
