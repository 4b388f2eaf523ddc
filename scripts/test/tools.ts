/** Tools that tests use and that npm cannot bring: a browser, and independent DICOM tools where asked for. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { findChromium } from '../chromium.ts';

/** Debian package → a program or file of it. */
export const independentTools: Readonly<Record<string, string>> = {
  dcmtk: 'dcmdump',
  dcm2niix: 'dcm2niix',
  'libgdcm-tools': 'gdcminfo',
  dicom3tools: 'dciodvfy',
  orthanc: 'Orthanc',
  'orthanc-dicomweb': '/usr/share/orthanc/plugins/libOrthancDicomWeb.so',
};

/**
 * Which Debian packages to install: a browser when there is none; the independent tools only where
 * `CANDELA_TEST_TOOLS=apt` says that this machine is for tests. Nothing at all without root and apt.
 */
export function wantedPackages(conditions: {
  readonly canInstall: boolean;
  readonly hasBrowser: boolean;
  readonly toolsByApt: boolean;
  readonly hasProgram: (name: string) => boolean;
}): string[] {
  if (!conditions.canInstall) return [];
  const packages = conditions.hasBrowser ? [] : ['chromium'];
  if (!conditions.toolsByApt) return packages;
  for (const [name, program] of Object.entries(independentTools)) {
    if (!conditions.hasProgram(program)) packages.push(name);
  }
  return packages;
}

/** Installs what is wanted; a failure is said and leaves the tests that need it to skip. */
export function installTools(root: string, environment: NodeJS.ProcessEnv): void {
  const say = (line: string) => process.stderr.write(`candela: ${line}\n`);
  const packages = wantedPackages({
    canInstall:
      process.platform === 'linux' && process.getuid?.() === 0 && hasProgram('apt-get', environment),
    hasBrowser: findChromium(environment) !== null,
    toolsByApt: environment['CANDELA_TEST_TOOLS'] === 'apt',
    hasProgram: (name) => hasProgram(name, environment),
  });
  if (packages.length > 0) {
    say(`installing ${packages.join(', ')} by apt …`);
    aptInstall(root, packages, environment, say);
  }
  if (findChromium(environment) === null) {
    say('no Chromium, Chrome or Edge found: browser tests are skipped (set CANDELA_CHROMIUM to one)');
  }
}

function aptInstall(
  root: string,
  packages: readonly string[],
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): void {
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const allowServices = forbidServices();
  try {
    installOneByOne(root, packages, env, say);
  } finally {
    allowServices();
  }
}

/** Packages of servers start them when they are set up, unless this file says no (Debian policy 9.3.3). */
function forbidServices(): () => void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return () => undefined;
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}

function installOneByOne(
  root: string,
  packages: readonly string[],
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): void {
  const apt = (args: readonly string[]) => spawnSync('apt-get', args, { cwd: root, env, encoding: 'utf8' });
  const install = (names: readonly string[]) => apt(['install', '-y', '--no-install-recommends', ...names]);
  if (install(packages).status === 0) return;
  // Package lists may be old or absent: refresh them once, then one by one, so that a missing one costs only itself.
  apt(['update']);
  for (const name of packages) {
    const result = install([name]);
    if (result.status !== 0) say(`apt could not install ${name}; the tests that need it are skipped`);
  }
}

function hasProgram(name: string, environment: NodeJS.ProcessEnv): boolean {
  if (isAbsolute(name)) return existsSync(name);
  return (environment['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder && existsSync(join(folder, name)));
}
