import type { Vec3 } from '../../geometry/types.ts';

/** CIE L*a*b* (D50) as DICOM stores it (PS3.3 C.10.7.1.1): three unsigned 16-bit numbers. */

/** sRGB with the D50 white point, and back. */
const xyzFromRgb = [
  0.4360747, 0.3850649, 0.1430804, 0.2225045, 0.7168786, 0.0606169, 0.0139322, 0.0971045, 0.7141733,
];
const rgbFromXyz = [
  3.1338561, -1.6168667, -0.4906146, -0.9787684, 1.9161415, 0.033454, 0.0719453, -0.2289914, 1.4052427,
];
const whiteD50: Vec3 = [0.96422, 1, 0.82521];
const epsilon = 216 / 24389;
const kappa = 24389 / 27;

const times = (m: readonly number[], v: Vec3): Vec3 => {
  const row = (at: number): number => m[at]! * v[0] + m[at + 1]! * v[1] + m[at + 2]! * v[2];
  return [row(0), row(3), row(6)];
};
const each = (v: Vec3, change: (x: number, n: number) => number): Vec3 => [
  change(v[0], 0),
  change(v[1], 1),
  change(v[2], 2),
];
const stored = (share: number): number => Math.max(0, Math.min(65535, Math.round(share * 65535)));

/** r, g, b each 0…255. */
export function cielabOfRgb(rgb: Vec3): Vec3 {
  const linear = each(rgb, (level) => {
    const x = level / 255;
    return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
  });
  const f = each(times(xyzFromRgb, linear), (x, n) => {
    const part = x / whiteD50[n]!;
    return part > epsilon ? Math.cbrt(part) : (kappa * part + 16) / 116;
  });
  return [
    stored((116 * f[1] - 16) / 100),
    stored((500 * (f[0] - f[1]) + 128) / 255),
    stored((200 * (f[1] - f[2]) + 128) / 255),
  ];
}

/** Whole levels of 0…255; colours that a screen cannot show are brought to its nearest. */
export function rgbOfCielab([l, a, b]: Vec3): Vec3 {
  const fy = ((l / 65535) * 100 + 16) / 116;
  const f: Vec3 = [fy + ((a / 65535) * 255 - 128) / 500, fy, fy - ((b / 65535) * 255 - 128) / 200];
  const xyz = each(f, (x, n) => whiteD50[n]! * (x ** 3 > epsilon ? x ** 3 : (116 * x - 16) / kappa));
  return each(times(rgbFromXyz, xyz), (linear) => {
    const x = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.max(0, Math.min(255, Math.round(x * 255)));
  });
}
