import './css-variables.ts';
import type { OpenStudy } from './app-store.ts';

export const stripeCount = 6;

/** The stripe of a patient: the one it has already, else the lowest free, else the least used. */
export function stripeFor(patient: string, open: readonly OpenStudy[]): number {
  const own = open.find((study) => study.patient === patient);
  if (own) return own.stripe;
  const uses = Array.from({ length: stripeCount }, () => 0);
  for (const study of open) uses[study.stripe - 1] = (uses[study.stripe - 1] ?? 0) + 1;
  return uses.indexOf(Math.min(...uses)) + 1;
}

/** CSS value of a stripe, e.g. for a custom property `--c`. */
export const stripeColour = (stripe: number): string => `var(--patient-${stripe})`;
