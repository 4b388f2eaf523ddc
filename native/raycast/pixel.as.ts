// AssemblyScript. Light on the way to a pixel: premultiplied sums and their bytes.

/** Premultiplied colour under the light: never brighter than white. All but `colour` for the lane. */
export function lit(sum: v128, colour: v128, factor: v128, white: v128, most: v128): v128 {
  return f32x4.add(sum, f32x4.pmin(most, f32x4.add(f32x4.mul(colour, factor), white)));
}

/** What a lane has gathered, and what of the background still shines through, as a word of RGBA8. */
export function pixel(colour: v128, left: f32, background: v128): u32 {
  const whole = f32x4.add(colour, f32x4.mul(background, f32x4.splat(left)));
  const scaled = f32x4.add(f32x4.mul(whole, f32x4.splat(255)), f32x4.splat(0.5));
  const level = i32x4.trunc_sat_f32x4_s(f32x4.min(f32x4.max(scaled, f32x4.splat(0)), f32x4.splat(255)));
  return (
    0xff000000 |
    ((<u32>i32x4.extract_lane(level, 2)) << 16) |
    ((<u32>i32x4.extract_lane(level, 1)) << 8) |
    <u32>i32x4.extract_lane(level, 0)
  );
}
