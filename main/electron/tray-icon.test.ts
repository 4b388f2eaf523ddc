import { expect, it } from 'vitest';
import { type Images, trayIcon } from './tray-icon.ts';

it.each([
  ['darwin', [18, 27, 36, 54]],
  ['win32', [16, 24, 32, 48]],
  ['linux', [24, 36, 48, 72]],
] as const)('is made in the pixels of each display on %s', (platform, pixels) => {
  const added: unknown[] = [];
  const images = {
    createFromPath: (path: string) => ({
      resize: ({ width, height }: { width: number; height: number }) => ({
        toDataURL: () => `${path} ${width}×${height}`,
      }),
    }),
    createEmpty: () => ({ addRepresentation: (one: unknown) => added.push(one) }),
  } as unknown as Images;
  trayIcon(images, 'i.png', platform);
  expect(added).toEqual(
    [1, 1.5, 2, 3].map((scaleFactor, n) => ({ scaleFactor, dataURL: `i.png ${pixels[n]}×${pixels[n]}` })),
  );
});
