/** `npm run check`: types, lint and tidy, the quick part of `npm test`. */
import { join } from 'node:path';
import { checkTypes, lint, runVitest } from './test/stages.ts';

const root = join(import.meta.dirname, '..');
const results = [checkTypes(root), lint(root), runVitest(root, 'tidy')];
process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
