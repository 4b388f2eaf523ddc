/**
 * Where rays enter and leave the body (`BodyRule`) in the fragment shader: GLSL twin of native/raycast/body.as.ts.
 * `masked`: removed voxels are no tissue.
 */
export const bodyFunctions = (masked: boolean): string => `
bool meets(ivec3 at, int axis, int by, int run) {
  int inRow = 0;
  int size = int(volumeSize[axis]);
  while (at[axis] >= 0 && at[axis] < size) {
    float value = voxelAt(at);
    inRow = !isMissing(value) && value >= leastTissue ? inRow + 1 : 0;
    if (inRow == run) return true;
    at[axis] += by;
  }
  return false;
}

/* Whether a point lies at the first or last slice, within the body there. */
bool endsInside(vec3 p) {
  bool isFirst = p.z < boxLo.z + 0.02;
  if (!isFirst && p.z <= boxHi.z - 0.02) return false;
  ivec3 at = ivec3(clamp(floor(p + 0.5), vec3(0.0), volumeSize - 1.0));
  at.z = isFirst ? 0 : int(volumeSize.z) - 1;
  return meets(at, 1, -bodyStrideJ, bodyVoxelsJ) && meets(at, 0, bodyStrideI, bodyVoxelsI) &&
         meets(at, 0, -bodyStrideI, bodyVoxelsI) && meets(at, 1, bodyStrideJ, bodyVoxelsJ);
}

/* The t at which the body begins from one end on; 1e9: nowhere. */
float bodyEdge(Ray ray, float by) {
  float end = by > 0.0 ? ray.boxIn : ray.boxOut;
  if (endsInside(pointAt(ray, end))) return end;
  float each = stepMm * bodyStride;
  float run = 0.0, seen = 0.0, sum = 0.0;
  for (float k = by > 0.0 ? ceil(end / each) : floor(end / each); k * each >= ray.boxIn && k * each <= ray.boxOut; k += by) {
    float value = valueAt(pointAt(ray, k * each));
    bool isKnown = !isMissing(value);
${masked ? '    if (removes == 1 && isKnown) isKnown = veilAt(pointAt(ray, k * each)) < 0.0;' : ''}
    bool isTissue = isKnown && value >= leastTissue;
    run = isTissue ? run + 1.0 : 0.0;
    if (run == bodySamples) return (k - by * (bodySamples - 1.0)) * each;
    if (!isKnown || isTissue || seen == bodyEndSamples) continue;
    sum += value;
    seen += 1.0;
    if (seen == bodyEndSamples && sum >= bodyEndSamples * leastInside) return end;
  }
  return 1e9;
}

/* Draws the ends of a ray in to the body; one that meets none stays as it is. */
void keepBody(inout Ray ray) {
  float first = bodyEdge(ray, 1.0);
  if (first > 1e8) return;
  float last = bodyEdge(ray, -1.0);
  if (last > 1e8) return;
  ray.tIn = max(ray.tIn, first - 0.25 * stepMm);
  ray.tOut = min(ray.tOut, last + 0.25 * stepMm);
}
`;
