/** Installs what tests use, for machines whose tests run without root: the workflow calls it with sudo. */
import { join } from 'node:path';
import { installTools } from './tools.ts';

installTools(join(import.meta.dirname, '../..'), { ...process.env, CANDELA_TEST_TOOLS: 'apt' });
