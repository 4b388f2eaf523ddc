/** The conformance statement says what the code does: its tables are the node's own. */
import { describe, expect, it } from 'vitest';
import { serviceClasses } from '../../core/dimse/service-table.ts';
import { conformancePage } from '../../scripts/conformance-page.ts';
import { textOf } from './repository.ts';

const page = textOf('docs/conformance.md');

describe('docs/conformance.md', () => {
  it('has the tables of the code: run `npm run generate` after changing one', () => {
    expect(conformancePage(page)).toEqual({ ok: true, page });
  });

  it('names every SOP class of the node', () => {
    const missing = serviceClasses.filter(({ uid, en }) => !page.includes(`| ${en} | ${uid} |`));
    expect(missing).toEqual([]);
  });

  it('has the sections of a conformance statement (PS3.2)', () => {
    const wanted = [
      'Conformance statement overview',
      'Introduction',
      'Networking',
      'Implementation model',
      'AE specifications',
      'Network interfaces',
      'Configuration',
      'Media interchange',
      'Support of character sets',
      'Security',
      'Annexes',
    ];
    const headings = [...page.matchAll(/^#+ (?:[\d.]+ )?(.+)$/gm)].map(([, title]) => title);
    expect(wanted.filter((title) => !headings.includes(title))).toEqual([]);
  });
});
