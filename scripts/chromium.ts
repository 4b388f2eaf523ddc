/** A Chromium that tests and the start check can drive. Playwright's own download is never used. */
export { findChromium } from '../main/host/browser/find-browser.ts';

/**
 * Flags for a page that must draw without a graphics card: Chromium composes in software by itself then, and WebGL by
 * SwiftShader has to be allowed. Root cannot use Chromium's sandbox.
 */
export function chromiumFlags(): string[] {
  const flags = ['--enable-unsafe-swiftshader', '--disable-dev-shm-usage'];
  return process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags;
}
