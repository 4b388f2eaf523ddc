/** Writes the tables of docs/conformance.md from the tables that the DICOM node works by. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformancePage } from '../conformance-page.ts';

const path = join(import.meta.dirname, '../../docs/conformance.md');
const made = conformancePage(readFileSync(path, 'utf8'));
if (!made.ok) throw new Error(`docs/conformance.md has no place for the table ${made.mark}`);
writeFileSync(path, made.page);
