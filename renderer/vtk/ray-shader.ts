import { bodyFunctions } from './ray-body.ts';
import { baredFunction, cutStretch, maskDeclarations, projectedTint, projectionTint } from './ray-masks.ts';

/**
 * Fragment shader of the GPU road: GLSL twin of native/raycast, fed by the same `RaycastRequest`, so that both roads
 * draw the same picture. Stored values; `missing` stands for "no data". Index coordinates: whole = voxel centre.
 */
const constantsHere = '/* Constants. */';
const declarations = `//VTK::System::Dec
//VTK::Output::Dec
${constantsHere}
uniform highp sampler3D volumeTexture[1];
/* Rows: 0 (τr, τg, τb, τ), 1 its running sums, 2 factors by gradient; for projections the levels of a window table. */
uniform highp sampler2D rayTable;
/* Of the transfer function's entries: nothing shows between two of the same even rank. */
uniform highp sampler2D rankTable;
/* Of each brick of 8 voxels: bricks to the nearest in which anything shows, / 255. */
uniform highp sampler3D leapTexture;
uniform int leaps;
uniform float valueScale, valueOffset, missingBelow;
uniform int isJittered, clipCount;
uniform vec3 volumeSize, boxLo, boxHi, background;
/* Each: at, perColumn, perRow. */
uniform vec3 rayOrigin[3], rayIndex[3], rayMm[3];
uniform mat3 normalFromGradient;
uniform float pictureHeight, stepMm, nearMm, opaqueBelow, leastCounted;
/* Of the body; no samples: all of a ray counts. */
uniform float bodySamples, bodyEndSamples, bodyStride, leastTissue, leastInside;
uniform int bodyVoxelsI, bodyVoxelsJ, bodyStrideI, bodyStrideJ;
uniform float tableLo, tableScale, tableLast, gradientScale, gradientLast;
uniform float slope, intercept, gain, bias, sigmoidSign;
/* Ambient, diffuse, specular, power. */
uniform vec4 shading;
/* From, per mm, least. */
uniform vec3 depthCue;
uniform vec4 clipPlanes[8];
/* Places between which anything shows. */
uniform vec2 visiblePlaces;
const float missing = 3e38;

bool isMissing(float value) { return value > 1e38; }

float voxelAt(ivec3 at) {
  float value = texelFetch(volumeTexture[0], at, 0).r * valueScale + valueOffset;
  return value < missingBelow ? missing : value;
}

/* Among voxels without data: the mean of those that have some, when they weigh half. */
float valueAmongHoles(vec3 at) {
  vec3 p = clamp(at, vec3(0.0), volumeSize - 1.0);
  if (isNearest == 1) return voxelAt(ivec3(floor(p + 0.5)));
  vec3 base = floor(min(p, max(volumeSize - 2.0, vec3(0.0))));
  vec3 share = p - base;
  float sum = 0.0;
  float weights = 0.0;
  for (int corner = 0; corner < 8; ++corner) {
    ivec3 bits = ivec3(corner & 1, (corner >> 1) & 1, corner >> 2);
    vec3 w = mix(1.0 - share, share, vec3(bits));
    float weight = w.x * w.y * w.z;
    if (weight <= 0.0) continue;
    float value = voxelAt(ivec3(base) + bits);
    if (isMissing(value)) continue;
    sum += weight * value;
    weights += weight;
  }
  return weights >= 0.49999 ? sum / weights : missing;
}

float valueAt(vec3 at) {
  if (hasHoles == 1) return valueAmongHoles(at);
  return texture(volumeTexture[0], (at + 0.5) / volumeSize).r * valueScale + valueOffset;
}

struct Ray { vec3 origin; vec3 direction; vec3 view; float tIn; float tOut; float boxIn; float boxOut; float entryFacing; float jitter; };

vec3 along(vec3 field[3], float column, float row) { return field[0] + column * field[1] + row * field[2]; }

/* Interleaved gradient noise (Jimenez 2014). */
float jitterAt(float column, float row) {
  return fract(52.9829189 * fract(0.06711056 * column + 0.00583715 * row));
}

/* Negative entryFacing: the ray starts inside. */
Ray rayAt(float column, float row) {
  Ray ray;
  ray.origin = along(rayOrigin, column, row);
  vec3 mm = along(rayMm, column, row);
  float perMm = 1.0 / length(mm);
  ray.direction = along(rayIndex, column, row) * perMm;
  ray.view = mm * perMm;
  ray.tIn = nearMm;
  ray.tOut = 1e9;
  ray.entryFacing = -1.0;
  for (int axis = 0; axis < 3; ++axis) {
    float d = abs(ray.direction[axis]) < 1e-12 ? 1e-12 : ray.direction[axis];
    float a = (boxLo[axis] - ray.origin[axis]) / d;
    float b = (boxHi[axis] - ray.origin[axis]) / d;
    if (min(a, b) > ray.tIn - 0.01) {
      ray.entryFacing = min(abs(dot(normalize(normalFromGradient[axis]), ray.view)), 1.0);
    }
    ray.tIn = max(ray.tIn, min(a, b));
    ray.tOut = min(ray.tOut, max(a, b));
  }
  ray.boxIn = ray.tIn;
  ray.boxOut = ray.tOut;
  for (int n = 0; n < clipCount; ++n) {
    float from = dot(clipPlanes[n].xyz, ray.origin) + clipPlanes[n].w;
    float rate = dot(clipPlanes[n].xyz, ray.direction);
    if (abs(rate) < 1e-7) {
      if (from < 0.0) ray.tOut = -1.0;
    } else if (rate < 0.0) {
      ray.tOut = min(ray.tOut, -from / rate);
    } else {
      if (-from / rate > ray.tIn - 0.01) ray.entryFacing = min(rate, 1.0);
      ray.tIn = max(ray.tIn, -from / rate);
    }
  }
  ray.jitter = isJittered == 1 ? jitterAt(column, row) : 0.0;
  return ray;
}

vec3 pointAt(Ray ray, float t) { return ray.origin + t * ray.direction; }
`;

const tint = `
      if (tints == 1) mean = tinted(mean, pointAt(ray, middle));
      if (mean.a <= 1e-6) continue;
`;

/** `masked`: with what layers need. */
const composite = (masked: boolean): string => `
float placedAt(Ray ray, float k) { return min(ray.tOut, max(ray.tIn, (k + ray.jitter) * stepMm)); }

/* How much the surface at a point faces the light, and how strong its gradient is. */
vec2 surfaceAt(Ray ray, float t) {
  vec3 p = pointAt(ray, t);
  vec3 after = vec3(valueAt(p + vec3(1, 0, 0)), valueAt(p + vec3(0, 1, 0)), valueAt(p + vec3(0, 0, 1)));
  vec3 before = vec3(valueAt(p - vec3(1, 0, 0)), valueAt(p - vec3(0, 1, 0)), valueAt(p - vec3(0, 0, 1)));
  if (any(greaterThan(after, vec3(1e38))) || any(greaterThan(before, vec3(1e38)))) return vec2(0.0);
  vec3 normal = normalFromGradient * (after - before);
  float strength = length(normal);
  return strength > 1e-10 ? vec2(min(1.0, abs(dot(normal, ray.view)) / strength), strength) : vec2(0.0);
}

float placeOf(float value) { return roundEven((value - tableLo) * tableScale); }
${masked ? baredFunction : ''}
float rankAt(float place) { return texelFetch(rankTable, ivec2(int(clamp(place, 0.0, tableLast)), 0), 0).r; }
vec4 entryAt(int row, float place) { return texelFetch(rayTable, ivec2(int(clamp(place, 0.0, tableLast)), row), 0); }

/* Number of the last sample of those from p on that lie in bricks in which nothing shows; k: it shows something here. */
float leapFrom(Ray ray, vec3 p, float from, float k) {
  vec3 brick = clamp(floor(p / 8.0), vec3(0.0), vec3(textureSize(leapTexture, 0) - 1));
  float reach = floor(texelFetch(leapTexture, ivec3(brick), 0).r * 255.0 + 0.5);
  if (reach < 1.0) return k;
  vec3 direction = mix(ray.direction, vec3(1e-12), lessThan(abs(ray.direction), vec3(1e-12)));
  vec3 edge = mix(brick - reach + 1.0, brick + reach, greaterThan(direction, vec3(0.0))) * 8.0;
  vec3 way = (edge - p) / direction;
  return floor((from + min(way.x, min(way.y, way.z))) / stepMm - ray.jitter - 0.01);
}

/* Mean (τr, τg, τb, τ) over the places between; the ends of the table go on for ever. */
vec4 meanOf(float from, float to) {
  float span = to - from;
  if (abs(span) < 1.5) return entryAt(0, to);
  vec4 outside = entryAt(0, 0.0) * (min(to, 0.0) - min(from, 0.0)) +
                 entryAt(0, tableLast) * (max(to, tableLast) - max(from, tableLast));
  return (entryAt(1, to) - entryAt(1, from) + outside) / span;
}

/* Where the middle of the visible part of a stretch between two places lies, 0 … 1. */
float centreOf(float from, float to) {
  if (to == from) return 0.5;
  vec2 shares = clamp((visiblePlaces - from) / (to - from), 0.0, 1.0);
  return (shares.x + shares.y) / 2.0;
}

vec3 composed(Ray ray) {
  vec3 sum = vec3(0.0);
  float transparency = 1.0;
  float carried = 0.6, weight = 0.0, last = -1e6, unlooked = 1.0;
  float k = floor(ray.tIn / stepMm - ray.jitter) + 1.0;
  float from = placedAt(ray, k - 1.0);
  float before = from < ray.tOut ? valueAt(pointAt(ray, from)) : missing;
  float placeBefore = placeOf(before);
  float rankBefore = rankAt(placeBefore);
  while (from < ray.tOut && transparency > opaqueBelow) {
    float start, at, previous, place;
    bool isEmpty = true;
    /* A loop of its own: SwiftShader goes through both sides of every branch, but leaves loops. */
    while (isEmpty && from < ray.tOut) {
      start = from;
      at = k;
      from = placedAt(ray, k);
      float value = valueAt(pointAt(ray, from));
      place = placeOf(value);
      float rank = rankAt(place);
      bool isFirst = isMissing(before);
      previous = isFirst ? place : placeBefore;
      isEmpty = isMissing(value) || (mod(rank, 2.0) == 0.0 && (isFirst || rank == rankBefore));
      before = value;
      placeBefore = place;
      rankBefore = rank;
      k += 1.0;
      if (isEmpty && leaps == 1) {
        float landing = leapFrom(ray, pointAt(ray, from), from, k - 1.0);
        if (landing > k) {
          k = landing;
          from = placedAt(ray, k);
          before = valueAt(pointAt(ray, from));
          placeBefore = placeOf(before);
          rankBefore = rankAt(placeBefore);
          k += 1.0;
        }
      }
    }
    if (isEmpty) break;
    float end = from;
    float bared = -1.0;
${masked ? cutStretch : ''}
    /* Steep stretches are taken in halves. */
    bool isSteep = abs(place - previous) > 96.0;
    float midway = (start + end) / 2.0;
    float halfValue = isSteep ? valueAt(pointAt(ray, midway)) : missing;
    float halfPlace = isMissing(halfValue) ? place : placeOf(halfValue);
    for (int part = isSteep ? 0 : 1; part < 2; ++part) {
      float begin = isSteep && part == 1 ? midway : start;
      float stop = part == 0 ? midway : end;
      float placeBegin = isSteep && part == 1 ? halfPlace : previous;
      float placeStop = part == 0 ? halfPlace : place;
      float sampleNumber = part == 0 ? at - 0.5 : at;
      vec4 mean = meanOf(placeBegin, placeStop);
      if (mean.a <= 1e-6) continue;
      float middle = begin + (stop - begin) * centreOf(placeBegin, placeStop);
${masked ? tint : ''}
      vec2 surface = vec2(-1.0);
      float depth = mean.a * (stop - begin);
      if (hasGradient == 1) {
        surface = surfaceAt(ray, middle);
        float entry = clamp(roundEven(surface.y * gradientScale), 0.0, gradientLast);
        depth *= texelFetch(rayTable, ivec2(int(entry), 2), 0).r;
      }
      float added = transparency * (1.0 - exp(-depth));
      vec2 light = vec2(1.0, 0.0);
      if (isShaded == 1) {
        unlooked += added;
        if (unlooked > 0.01) {
          float left = exp2(-(sampleNumber - last) * stepMm);
          if (surface.x < 0.0) surface = surfaceAt(ray, middle);
          surface.y *= 1.0 - left * left;
          if (ray.entryFacing >= 0.0 && begin - 0.25 * stepMm < ray.tIn) surface = vec2(ray.entryFacing * 0.85, 10000.0);
          if (bared >= 0.0) surface = vec2(bared, 10000.0);
          float kept = weight * left;
          if (surface.y + kept > 1e-12) carried = (surface.x * surface.y + carried * kept) / (surface.y + kept);
          weight = surface.y + kept;
          last = sampleNumber;
          unlooked = 0.0;
        }
        float shine = pow(max(carried, 1e-6), floor(shading.w + 0.5));
        light = vec2(shading.x + shading.y * carried, shading.z * shine);
        light *= clamp(1.0 - (middle - depthCue.x) * depthCue.y, depthCue.z, 1.0);
      }
      sum += added * min(vec3(1.0), mean.rgb / mean.a * light.x + light.y);
      transparency -= added;
    }
  }
  return sum + transparency * background;
}
`;

const projections = (masked: boolean): string => `${bodyFunctions(masked)}
float projected(Ray ray) {
  if (mode == 2 && bodySamples > 0.0) keepBody(ray);
  float best = mode == 1 ? -3e38 : 3e38;
  float total = 0.0;
  float count = 0.0;
${masked ? '  float bestAt = 0.0;' : ''}
  for (float k = ceil(ray.tIn / stepMm); k * stepMm <= ray.tOut; k += 1.0) {
    float value = valueAt(pointAt(ray, k * stepMm));
    if (isMissing(value) || (mode == 3 && value < leastCounted)) continue;
${masked ? '    if (removes == 1 && veilAt(pointAt(ray, k * stepMm)) >= 0.0) continue;' : ''}
${masked ? projectedTint : ''}
    best = mode == 1 ? max(best, value) : min(best, value);
    total += value;
    count += 1.0;
  }
  if (count == 0.0) return missing;
${masked ? projectionTint : ''}
  return (mode == 3 ? total / count : best) * slope + intercept;
}

vec3 windowed(float value) {
  if (isMissing(value)) return background;
  float level = value * gain + bias;
  if (windowKind == 1) return vec3(floor(255.0 / (1.0 + exp(sigmoidSign * level)) + 0.5) / 255.0);
  if (windowKind == 2) {
    int entry = int(clamp(floor(level + 0.5), 0.0, tableLast));
    return vec3(texelFetch(rayTable, ivec2(entry % 1024, entry / 1024), 0).r);
  }
  return vec3(floor(clamp(level, 0.0, 255.0) + 0.5) / 255.0);
}

void main() {
  Ray ray = rayAt(floor(gl_FragCoord.x), pictureHeight - 1.0 - floor(gl_FragCoord.y));
  vec3 colour = mode == 0 ? composed(ray) : windowed(projected(ray));
${masked ? '  if (mode != 0) colour *= 1.0 - pixelTint.a + pixelTint.rgb;' : ''}
  gl_FragData[0] = vec4(colour, 1.0);
}
`;

/**
 * `masked`: for pictures with layers. `constants`: what the compiler may know, by name, so that it leaves out the rest:
 * a card gives every ray the registers of the longest way through.
 */
export const rayFragment = (masked: boolean, constants: Readonly<Record<string, number>>): string => {
  const known = Object.entries(constants).map(([name, value]) => `const int ${name} = ${value};\n`);
  const [first, rest] = declarations.split(constantsHere) as [string, string];
  const parts = [
    first,
    ...known,
    rest,
    masked ? maskDeclarations : '',
    composite(masked),
    projections(masked),
  ];
  return parts.join('');
};

/** Covers the whole picture: rays that miss the volume show the background. */
export const rayVertex = `//VTK::System::Dec
attribute vec4 vertexDC;
void main() { gl_Position = vertexDC; }
`;
