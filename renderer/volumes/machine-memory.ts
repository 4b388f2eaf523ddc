const usualGiB = 4;

/** Of the whole machine, as browsers tell it (rounded, 32 GiB or less); a usual one's where they do not. */
export const machineMemoryBytes = (): number =>
  ((navigator as { readonly deviceMemory?: number }).deviceMemory ?? usualGiB) * 2 ** 30;
