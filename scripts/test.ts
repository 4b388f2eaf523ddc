/** `npm test`: installs the tools that are missing, runs every kind of test, and ends with one line of counts. */
import { join } from 'node:path';
import { build } from './build.ts';
import { stages } from './test/stages.ts';
import { installTools } from './test/tools.ts';

const root = join(import.meta.dirname, '..');
const only = process.argv.slice(2);

installTools(root, process.env);
const total = { passed: 0, failed: 0, skipped: 0 };
const failedStages: string[] = [];
const failures: string[] = [];

for (const { name, run } of stages({ root, build })) {
  if (only.length > 0 && !only.includes(name)) continue;
  process.stdout.write(`\n── ${name}\n`);
  const startedMs = performance.now();
  const counts = await run();
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  if (counts.failed > 0) failedStages.push(name);
  failures.push(...(counts.failures ?? []));
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  process.stdout.write(`   ${name}: ${describe(counts)} (${seconds} s)\n`);
}

if (failedStages.length > 0) {
  process.stdout.write(`\nFailed: ${failedStages.join(', ')}\n${failures.join('\n')}\n`);
}
process.stdout.write(`\n${describe(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;

function describe({ passed, failed, skipped }: typeof total): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
