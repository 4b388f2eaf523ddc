/** Runs in a page: volume rendering by plain vtk.js, set up as its own examples do. */
import 'vtk.js/Rendering/Profiles/Volume';
import vtkDataArray from 'vtk.js/Common/Core/DataArray';
import vtkImageData from 'vtk.js/Common/DataModel/ImageData';
import vtkPiecewiseFunction from 'vtk.js/Common/DataModel/PiecewiseFunction';
import vtkColorTransferFunction from 'vtk.js/Rendering/Core/ColorTransferFunction';
import vtkRenderer from 'vtk.js/Rendering/Core/Renderer';
import vtkRenderWindow from 'vtk.js/Rendering/Core/RenderWindow';
import vtkRenderWindowInteractor from 'vtk.js/Rendering/Core/RenderWindowInteractor';
import vtkVolume from 'vtk.js/Rendering/Core/Volume';
import vtkVolumeMapper from 'vtk.js/Rendering/Core/VolumeMapper';
import vtkOpenGLRenderWindow from 'vtk.js/Rendering/OpenGL/RenderWindow';
import type { VolumeScene } from '../../../core/scene/types.ts';
import { benchGeometry, benchVoxels } from './voxels.ts';

/** What a picture took until a pixel of it had been read, and how bright it is on the whole. */
export interface PeerPicture {
  readonly ms: number;
  readonly meanLevel: number;
}

export interface VolumePeer {
  /** Voxels in memory to the picture. */
  first(slices: number, scene: VolumeScene, width: number, height: number): PeerPicture;
  again(scene: VolumeScene, width: number, height: number): PeerPicture;
  /** Milliseconds of each picture while only the camera moves, until one pixel of it had been read. */
  turn(scenes: readonly VolumeScene[], width: number, height: number): Promise<number[]>;
}

declare global {
  interface Window {
    volumePeer: VolumePeer;
  }
}

// Some drivers take a browser's first context away; this one is of no use to anybody.
document.createElement('canvas').getContext('webgl2');
const renderWindow = vtkRenderWindow.newInstance();
const surface = vtkOpenGLRenderWindow.newInstance();
const renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
const interactor = vtkRenderWindowInteractor.newInstance();
const container = document.createElement('div');
document.body.append(container);
surface.setContainer(container);
renderWindow.addView(surface);
renderWindow.addRenderer(renderer);
interactor.setView(surface);
const voxels = new Map<number, Int16Array<ArrayBuffer>>();
let actor: vtkVolume | null = null;

function look({ camera: wanted }: VolumeScene): void {
  const camera = renderer.getActiveCamera();
  camera.setParallelProjection(true);
  const { focalPoint: f, position: p, viewUp: u } = wanted;
  camera.setFocalPoint(f[0], f[1], f[2]);
  camera.setPosition(p[0], p[1], p[2]);
  camera.setViewUp(u[0], u[1], u[2]);
  if (wanted.lens.kind === 'orthographic') camera.setParallelScale(wanted.lens.parallelScaleMm);
  camera.setClippingRange(1, 5000);
}

function place(scene: VolumeScene, width: number, height: number): void {
  const { transfer, shading, stepMm = 1 } = scene;
  look(scene);
  const property = actor!.getProperty();
  const opacity = vtkPiecewiseFunction.newInstance();
  for (const point of transfer.opacity) opacity.addPoint(point.value, point.opacity);
  const colour = vtkColorTransferFunction.newInstance();
  for (const point of transfer.colour)
    colour.addRGBPoint(point.value, point.colour[0] / 255, point.colour[1] / 255, point.colour[2] / 255);
  property.setScalarOpacity(0, opacity);
  property.setRGBTransferFunction(0, colour);
  property.setScalarOpacityUnitDistance(0, 1);
  property.setInterpolationTypeToLinear();
  property.setShade(shading !== null);
  property.setAmbient(shading?.ambient ?? 1);
  property.setDiffuse(shading?.diffuse ?? 0);
  property.setSpecular(shading?.specular ?? 0);
  property.setSpecularPower(shading?.power ?? 1);
  const mapper = actor!.getMapper() as vtkVolumeMapper;
  mapper.setSampleDistance(stepMm);
  mapper.setMaximumSamplesPerRay(4000);
  mapper.setAutoAdjustSampleDistances(false);
  surface.setSize(width, height);
}

function draw(width: number, height: number): number {
  // The window's own render would wait for an interactor that listens.
  surface.traverseAllPasses();
  const gl = surface.get3DContext({}) as WebGL2RenderingContext;
  const bytes = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  let sum = 0;
  for (let n = 0; n < bytes.length; n += 4) sum += bytes[n] ?? 0;
  return sum / (width * height);
}

function makeVolume(slices: number): void {
  const values = voxels.get(slices) ?? benchVoxels(slices);
  voxels.set(slices, values);
  const { size, spacing, origin } = benchGeometry(slices);
  const image = vtkImageData.newInstance();
  image.setDimensions(size);
  image.setSpacing(spacing);
  image.setOrigin(origin);
  image.getPointData().setScalars(vtkDataArray.newInstance({ name: 'HU', values, numberOfComponents: 1 }));
  const mapper = vtkVolumeMapper.newInstance();
  mapper.setInputData(image);
  if (actor) renderer.removeVolume(actor);
  actor = vtkVolume.newInstance();
  actor.setMapper(mapper);
  renderer.addVolume(actor);
}

window.volumePeer = {
  first(slices, scene, width, height) {
    if (!voxels.has(slices)) voxels.set(slices, benchVoxels(slices));
    const startMs = performance.now();
    makeVolume(slices);
    place(scene, width, height);
    const meanLevel = draw(width, height);
    return { ms: performance.now() - startMs, meanLevel };
  },
  again(scene, width, height) {
    const startMs = performance.now();
    place(scene, width, height);
    const meanLevel = draw(width, height);
    return { ms: performance.now() - startMs, meanLevel };
  },
  async turn(scenes, width, height) {
    place(scenes[0]!, width, height);
    const gl = surface.get3DContext({}) as WebGL2RenderingContext;
    const middle = new Uint8Array(4);
    const times: number[] = [];
    let most = 0;
    for (const scene of scenes) {
      const startMs = performance.now();
      look(scene);
      surface.traverseAllPasses();
      gl.readPixels(width >> 1, height >> 1, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, middle);
      most = Math.max(most, middle[0] ?? 0);
      times.push(performance.now() - startMs);
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (most === 0) throw new Error('the pictures are black');
    return times;
  },
};
document.body.dataset['ready'] = 'true';
