/** `npm run unit [-- PATH…]`: the unit tests, or those whose path contains one of the words. */
import { join } from 'node:path';
import { runVitest } from './test/stages.ts';

const { failed } = runVitest(join(import.meta.dirname, '..'), 'unit', process.argv.slice(2));
process.exitCode = failed > 0 ? 1 : 0;
