/** Compiles native/ to resources/wasm/kernels.wasm. Does nothing when the result is newer than its sources. */
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'resources', 'wasm', 'kernels.wasm');

/** The flags of the product's design: four-lane SIMD, shared memory owned by the caller, no garbage collector. */
const flags = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  ...['simd', 'threads', 'bulk-memory'].flatMap((feature) => ['--enable', feature]),
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--use',
  'abort=',
  '--disableWarning',
  '112',
];

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestSource() {
  const sources = readdirSync(join(root, 'native'), { recursive: true }).filter((name) =>
    name.endsWith('.as.ts'),
  );
  const times = [...sources.map((name) => join(root, 'native', name)), fileURLToPath(import.meta.url)].map(
    modified,
  );
  return Math.max(...times);
}

/** Answers the path of the built module; throws with the compiler's messages where it does not compile. */
export async function buildKernels({ force = false } = {}) {
  if (!force && modified(target) > newestSource()) return target;
  mkdirSync(dirname(target), { recursive: true });
  const { main } = await import('assemblyscript/asc');
  // Written beside and renamed, so that a test running meanwhile never reads half a module.
  const draft = `resources/wasm/.kernels.${process.pid}.wasm`;
  const { error, stderr } = await main(
    ['native/index.as.ts', ...flags, '--baseDir', root, '--outFile', draft],
    {},
  );
  if (error) throw new Error(`native kernels do not compile\n${stderr.toString()}`);
  renameSync(join(root, draft), target);
  return target;
}

/** What tests await before they load the kernels. */
export const kernelsReady = () => buildKernels();

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildKernels({ force: process.argv.includes('--force') });
}
