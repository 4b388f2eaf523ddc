import { describe, expect, it } from 'vitest';
import type { AortaRowId } from '../analysis/lumen/aorta.ts';
import { lumenTerms } from './lumen.ts';

/** Fails to compile where a row of the table has no words. */
const named = (id: AortaRowId): keyof typeof lumenTerms => `aorta.${id}`;

describe('lumen terms', () => {
  it('have both languages, and a name for every row of the aorta table', () => {
    for (const [key, term] of Object.entries(lumenTerms)) {
      expect(term.zh.trim(), key).not.toBe('');
      expect(term.en.trim(), key).not.toBe('');
    }
    expect(named('neckLength') in lumenTerms).toBe(true);
  });
});
