import type { NativeImage } from 'electron';

/** What of Electron's `nativeImage` is used here. */
export interface Images {
  createFromPath(path: string): Pick<NativeImage, 'resize'>;
  createEmpty(): NativeImage;
}

/** Logical pixels beside the clock: macOS shows a larger picture as large as it is. */
const sizes: Partial<Record<NodeJS.Platform, number>> = { darwin: 18, win32: 16 };
const usualSize = 24;
/** Of displays: 100, 150, 200 and 300 %. */
const scaleFactors = [1, 1.5, 2, 3];

/** The product's picture, sharp at the size that the system's tray has. */
export function trayIcon(
  images: Images,
  path: string,
  platform: NodeJS.Platform = process.platform,
): NativeImage {
  const picture = images.createFromPath(path);
  const icon = images.createEmpty();
  for (const scaleFactor of scaleFactors) {
    const pixels = Math.round((sizes[platform] ?? usualSize) * scaleFactor);
    const sized = picture.resize({ width: pixels, height: pixels, quality: 'best' });
    icon.addRepresentation({ scaleFactor, dataURL: sized.toDataURL() });
  }
  return icon;
}
