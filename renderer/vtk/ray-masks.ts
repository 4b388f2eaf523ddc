/**
 * Masks in the fragment shader: GLSL twin of native/raycast/layers.as.ts and of `bare` in shade.as.ts. Compiled in only
 * where a picture has layers.
 */
export const maskDeclarations = `
/* Red: label / 255. Green: veil / 255, removed from a half on. */
uniform highp sampler3D maskTexture;
uniform int removes, tints, tintRow;

/* Removed where it is not negative. */
float veilAt(vec3 at) { return texture(maskTexture, (at + 0.5) / volumeSize).g * 255.0 - 127.5; }

/* The layers' colours times their share, and that share, mixed from the eight voxels around; their factor on the opacity. */
vec4 tintOf(vec3 at, out float factor) {
  vec3 p = clamp(at, vec3(0.0), volumeSize - 1.0);
  vec3 base = floor(min(p, max(volumeSize - 2.0, vec3(0.0))));
  vec3 share = p - base;
  vec4 tint = vec4(0.0);
  factor = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    ivec3 bits = ivec3(corner & 1, (corner >> 1) & 1, corner >> 2);
    vec3 w = mix(1.0 - share, share, vec3(bits));
    float weight = w.x * w.y * w.z;
    int label = int(texelFetch(maskTexture, min(ivec3(base) + bits, ivec3(volumeSize) - 1), 0).r * 255.0 + 0.5);
    tint += weight * texelFetch(rayTable, ivec2(label, tintRow), 0);
    factor += weight * texelFetch(rayTable, ivec2(label + 256, tintRow), 0).r;
  }
  return tint;
}

vec4 tinted(vec4 mean, vec3 at) {
  float factor;
  vec4 tint = tintOf(at, factor);
  return (mean * (1.0 - tint.a) + tint * mean.a) * factor;
}

/* What a pixel of a projection is tinted with. */
vec4 pixelTint = vec4(0.0);

void addTint(vec3 at, float weight) {
  float factor;
  vec4 tint = tintOf(at, factor);
  pixelTint += tint * factor * weight;
}
`;

/** After `surfaceAt`: how much the face at the end of a mask is turned to the light. */
export const baredFunction = `
float baredAt(Ray ray, float t) {
  vec3 p = pointAt(ray, t);
  vec3 kept = vec3(
    veilAt(p - vec3(1, 0, 0)) - veilAt(p + vec3(1, 0, 0)),
    veilAt(p - vec3(0, 1, 0)) - veilAt(p + vec3(0, 1, 0)),
    veilAt(p - vec3(0, 0, 1)) - veilAt(p + vec3(0, 0, 1)));
  vec3 after = vec3(valueAt(p + vec3(1, 0, 0)), valueAt(p + vec3(0, 1, 0)), valueAt(p + vec3(0, 0, 1)));
  vec3 before = vec3(valueAt(p - vec3(1, 0, 0)), valueAt(p - vec3(0, 1, 0)), valueAt(p - vec3(0, 0, 1)));
  vec3 face = normalFromGradient * kept;
  face /= max(length(face), 1e-10);
  vec3 slopes = abs(after - before);
  bool isKnown = all(lessThan(abs(after), vec3(1e38))) && all(lessThan(abs(before), vec3(1e38)));
  vec3 own = isKnown ? normalFromGradient * (after - before) : vec3(0.0);
  own /= max(length(own), 1e-10);
  float places = isKnown ? max(slopes.x, max(slopes.y, slopes.z)) * tableScale : 0.0;
  float weight = clamp((abs(dot(face, own)) - 0.4) * 2.5, 0.0, 1.0) * clamp((places - 100.0) / 300.0, 0.0, 1.0);
  float sum = abs(dot(face, ray.view)) + 3.0 * weight * abs(dot(own, ray.view));
  return min(1.0, sum / (1.0 + 3.0 * weight) * (0.85 + 0.15 * weight));
}
`;

/** What masks leave of the stretch from `start` to `end`. */
export const cutStretch = `
    if (removes == 1) {
      float first = veilAt(pointAt(ray, start));
      float last = veilAt(pointAt(ray, end));
      if (first >= 0.0 && last >= 0.0) continue;
      if (first >= 0.0 || last >= 0.0) {
        float border = start + (end - start) * (first / (first - last));
        float borderValue = valueAt(pointAt(ray, border));
        bool isEntry = first >= 0.0;
        float borderPlace = isMissing(borderValue) ? (isEntry ? place : previous) : placeOf(borderValue);
        if (isEntry) {
          start = border;
          previous = borderPlace;
          bared = baredAt(ray, border);
          unlooked = 1.0;
        } else {
          end = border;
          place = borderPlace;
        }
      }
    }
`;

/** Of a projection's sample before it counts: the first of equals gives its colour; a mean has parts of all. */
export const projectedTint = `
    if (mode == 1 ? value > best : value < best) bestAt = k;
    if (tints == 1 && mode == 3) addTint(pointAt(ray, k * stepMm), 1.0);
`;

export const projectionTint = `
  if (tints == 1 && mode == 3) pixelTint /= count;
  if (tints == 1 && mode != 3) addTint(pointAt(ray, bestAt * stepMm), 1.0);
`;
