/// <reference path="./vtk-internals.d.ts" />
import 'vtk.js/Rendering/Profiles/Volume';
import vtkOpenGLTexture from 'vtk.js/Rendering/OpenGL/Texture';
import { registerOverride } from 'vtk.js/Rendering/OpenGL/ViewNodeFactory';
import {
  extend as extendVolumeMapper,
  type GlTexture,
  type ShaderProgram,
  type VolumeMapperMethods,
  type VolumeMapperState,
} from 'vtk.js/Rendering/OpenGL/VolumeMapper';
import { rayFragment, rayVertex } from './ray-shader.ts';
import { type RayPicture, rayConstants, rayTable, rayUniforms, tableWidth } from './ray-uniforms.ts';

/** What each vtkVolumeMapper draws next. */
const pictures = new WeakMap<object, RayPicture>();

/** Sets what a vtkVolumeMapper draws; transfer function, light and camera of vtk.js are not asked. */
export function setRayPicture(mapper: object, picture: RayPicture): void {
  pictures.set(mapper, picture);
}

function setUniforms(program: ShaderProgram, picture: RayPicture): void {
  const { whole, float, three, four, visiblePlaces, normalFromGradient } = rayUniforms(picture);
  for (const [name, value] of Object.entries(whole)) program.setUniformi(name, value);
  for (const [name, value] of Object.entries(float)) program.setUniformf(name, value);
  for (const [name, values] of Object.entries(three)) program.setUniform3fv(name, values);
  for (const [name, values] of Object.entries(four)) program.setUniform4fv(name, values);
  program.setUniform2fv('visiblePlaces', visiblePlaces);
  program.setUniformMatrix3x3('normalFromGradient', normalFromGradient);
}

/** The tables' textures, made anew when the transfer function or the window changed. */
function tableKeeper(state: VolumeMapperState) {
  const made = (): GlTexture => vtkOpenGLTexture.newInstance() as unknown as GlTexture;
  const [texture, ranks] = [made(), made()];
  let of: readonly unknown[] = [];
  const fill = (target: GlTexture, numComps: number, height: number, data: Float32Array): void => {
    target.setOpenGLRenderWindow(state._openGLRenderWindow);
    // A texture keeps the height of its first table.
    target.releaseGraphicsResources(state._openGLRenderWindow);
    target.resetFormatAndType();
    target.create2DFromRaw({ width: tableWidth, height, numComps, dataType: 'Float32Array', data });
  };
  return {
    all: [texture, ranks],
    texture,
    ranks,
    update(picture: RayPicture): void {
      const { transfer, gradientFactors, mode } = picture.request;
      const layers = picture.request.mask?.table.join();
      const now = [transfer, gradientFactors?.values.join(), mode, picture.window.table?.join(), layers];
      if (now.length === of.length && now.every((part, n) => part === of[n])) return;
      of = now;
      const table = rayTable(picture);
      fill(texture, 4, table.height, table.data);
      fill(ranks, 1, 1, table.ranks);
    },
    forget(): void {
      of = [];
    },
  };
}

/** vtk.js's volume mapper with the shader of `ray-shader.ts`: its textures and passes, our rays. */
function extend(api: VolumeMapperMethods, state: VolumeMapperState, initialValues: object = {}): void {
  extendVolumeMapper(api, state, initialValues);
  const { renderPieceDraw, setMapperShaderParameters, releaseGraphicsResources } = api;
  const { getNeedToRebuildShaders } = api;
  const table = tableKeeper(state);
  let fragment = '';
  api.getNeedToRebuildShaders = (...args) => {
    const isNeeded = getNeedToRebuildShaders(...args);
    const picture = pictures.get(state.renderable);
    if (!picture) return isNeeded;
    const wanted = rayFragment(picture.maskTexture !== undefined, rayConstants(picture));
    const isOther = wanted !== fragment;
    fragment = wanted;
    return isNeeded || isOther;
  };
  api.getShaderTemplate = (shaders) => {
    shaders.Vertex = rayVertex;
    shaders.Fragment = fragment;
    shaders.Geometry = '';
  };
  api.renderPieceDraw = (renderer, actor) => {
    const picture = pictures.get(state.renderable);
    if (!picture) return;
    table.update(picture);
    for (const texture of table.all) texture.activate();
    renderPieceDraw(renderer, actor);
    for (const texture of table.all) texture.deactivate();
  };
  api.setMapperShaderParameters = (cells, ...rest) => {
    setMapperShaderParameters(cells, ...rest);
    const program = cells.getProgram();
    const picture = pictures.get(state.renderable);
    const info = state.scalarTextures[0]?.getVolumeInfo();
    if (!program || !picture || !info) return;
    setUniforms(program, picture);
    program.setUniformi('rayTable', table.texture.getTextureUnit());
    program.setUniformi('rankTable', table.ranks.getTextureUnit());
    program.setUniformi('leaps', picture.leapTexture.bind(picture.request.transfer) ? 1 : 0);
    // Also where it is not asked: two kinds of texture must not share a unit.
    program.setUniformi('leapTexture', picture.leapTexture.unit);
    if (picture.maskTexture) program.setUniformi('maskTexture', picture.maskTexture.bind());
    program.setUniformf('valueScale', info.scale[0] ?? 1);
    program.setUniformf('valueOffset', info.offset[0] ?? 0);
  };
  api.setCameraShaderParameters = () => undefined;
  api.setPropertyShaderParameters = () => undefined;
  api.releaseGraphicsResources = (window) => {
    for (const texture of table.all) texture.releaseGraphicsResources(window ?? state._openGLRenderWindow);
    table.forget();
    releaseGraphicsResources(window);
  };
}

registerOverride('vtkVolumeMapper', (initialValues) => {
  const api = {} as VolumeMapperMethods;
  extend(api, {} as VolumeMapperState, initialValues);
  return Object.freeze(api);
});
