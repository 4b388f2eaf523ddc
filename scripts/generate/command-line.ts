/** Writes the references in docs/command-line.md from the command line's own tables. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withReferences } from '../../main/cli/reference.ts';

const path = join(import.meta.dirname, '../../docs/command-line.md');
const page = withReferences(readFileSync(path, 'utf8'));
if (page === null) throw new Error('docs/command-line.md has lost its marks');
writeFileSync(path, page);
