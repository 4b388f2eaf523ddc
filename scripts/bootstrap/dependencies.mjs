// Brings node_modules in line with package-lock.json, and only then.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const stampFile = 'node_modules/.candela-lock-sha256';
const installedLockFile = 'node_modules/.package-lock.json';

/**
 * Runs `npm ci` when the installed packages are not those of the lock file.
 * @param {string} root repository root
 * @throws when npm fails
 */
export function ensureDependencies(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = join(root, stampFile);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === wanted) return;
  if (!isInstalled(root, lock.toString('utf8'))) {
    process.stderr.write('candela: installing dependencies (first start or changed lock file) …\n');
    runNpm(root, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${wanted}\n`);
}

/**
 * A person who ran `npm install` by hand has what the lock file asks for: nothing to install again.
 * Optional packages may be absent (they are for other platforms); anything else must match in version and content.
 * @param {string} root
 * @param {string} lockText
 * @returns {boolean}
 */
function isInstalled(root, lockText) {
  const installedPath = join(root, installedLockFile);
  if (!existsSync(installedPath)) return false;
  const wanted = JSON.parse(lockText).packages;
  const installed = JSON.parse(readFileSync(installedPath, 'utf8')).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const there = installed[path];
    if (!there) {
      if (!entry.optional) return false;
    } else if (there.version !== entry.version || there.integrity !== entry.integrity) {
      return false;
    }
  }
  return true;
}

/**
 * Runs npm with this Node: through the npm that started us, else the one on the PATH.
 * @param {string} cwd
 * @param {readonly string[]} args
 * @throws when npm cannot be started or fails
 */
export function runNpm(cwd, args) {
  const npm = process.env.npm_execpath;
  // npm's own output must not reach stdout: `candela … --json` owns it.
  const stdio = ['ignore', 2, 2];
  const result = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd, stdio })
    : spawnSync('npm', args, { cwd, stdio, shell: process.platform === 'win32' });
  if (result.error)
    throw new Error(`npm could not be started (${result.error.message}); is npm on the PATH?`);
  if (result.status !== 0)
    throw new Error(`npm ${args[0]} failed (exit ${result.status}); see its output above`);
}
