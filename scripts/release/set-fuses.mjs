// electron-builder's `afterPack`: sets the fuses of reliability.md D7 and reads them back from the packed binary.
// (Its own `electronFuses` key can neither demand that every fuse is listed nor read back; its `afterSign` hook is
// skipped for unsigned packages.)

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';

/** Every fuse by name. A new Electron with another one fails the build until it is decided here. */
export const wantedFuses = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  // How WebAssembly checks its bounds, a matter of speed: Electron's own default.
  WasmTrapHandlers: true,
};

/**
 * @param {string} binary path of the executable
 * @param {boolean} isMac whether an ad-hoc signature must be made anew
 * @throws when a fuse of the binary is not listed here, or does not read back as wanted
 */
export async function setFuses(binary, isMac) {
  const byNumber = Object.fromEntries(
    Object.entries(wantedFuses).map(([name, isOn]) => [FuseV1Options[name], isOn]),
  );
  await flipFuses(binary, {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    resetAdHocDarwinSignature: isMac,
    ...byNumber,
  });
  const wire = await getCurrentFuseWire(binary);
  for (const [name, isOn] of Object.entries(wantedFuses)) {
    const state = wire[FuseV1Options[name]];
    if (state !== (isOn ? FuseState.ENABLE : FuseState.DISABLE)) {
      throw new Error(`fuse ${name} is not ${isOn ? 'on' : 'off'} in the packed binary`);
    }
  }
}

/**
 * @param {{ appOutDir: string, electronPlatformName: string, packager: { executableName?: string, appInfo: { productFilename: string } } }} context
 */
export default async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const name = packager.appInfo.productFilename;
  const isMac = electronPlatformName === 'darwin';
  const candidates = isMac
    ? [join(appOutDir, `${name}.app`)]
    : [`${name}.exe`, packager.executableName ?? name, name].map((file) => join(appOutDir, file));
  const binary = candidates.find((path) => existsSync(path));
  if (!binary) throw new Error(`no packed binary in ${appOutDir}`);
  await setFuses(binary, isMac);
}
