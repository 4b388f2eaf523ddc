/** Runs in a page: three planes of a volume by plain vtk.js, in one canvas with one copy of the volume. */
import 'vtk.js/Rendering/Profiles/Volume';
import vtkDataArray from 'vtk.js/Common/Core/DataArray';
import vtkImageData from 'vtk.js/Common/DataModel/ImageData';
import vtkPlane from 'vtk.js/Common/DataModel/Plane';
import vtkImageProperty from 'vtk.js/Rendering/Core/ImageProperty';
import vtkImageResliceMapper from 'vtk.js/Rendering/Core/ImageResliceMapper';
import { SlabTypes } from 'vtk.js/Rendering/Core/ImageResliceMapper/Constants';
import vtkImageSlice from 'vtk.js/Rendering/Core/ImageSlice';
import vtkRenderer from 'vtk.js/Rendering/Core/Renderer';
import vtkRenderWindow from 'vtk.js/Rendering/Core/RenderWindow';
import vtkOpenGLRenderWindow from 'vtk.js/Rendering/OpenGL/RenderWindow';
import type { BenchPlane } from './series.ts';
import { benchGeometry, benchVoxels } from './voxels.ts';
import type { Peer } from './window.ts';

const side = 512;
const views = 3;

interface View {
  readonly renderer: vtkRenderer;
  readonly mapper: vtkImageResliceMapper;
  readonly plane: vtkPlane;
}

const window3 = vtkRenderWindow.newInstance();
const surface = vtkOpenGLRenderWindow.newInstance();
const container = document.createElement('div');
document.body.append(container);
surface.setContainer(container);
surface.setSize(views * side, side);
window3.addView(surface);
let all: readonly View[] = [];

async function makeVolume(slices: number): Promise<void> {
  const { size, spacing, origin } = benchGeometry(slices);
  const image = vtkImageData.newInstance();
  image.setDimensions(size);
  image.setSpacing(spacing);
  image.setOrigin(origin);
  image
    .getPointData()
    .setScalars(vtkDataArray.newInstance({ name: 'HU', values: benchVoxels(slices), numberOfComponents: 1 }));
  all = Array.from({ length: views }, (_, n) => makeView(image, n));
  window3.render();
  levels();
}

function makeView(image: vtkImageData, n: number): View {
  const renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
  renderer.setViewport(n / views, 0, (n + 1) / views, 1);
  const plane = vtkPlane.newInstance();
  const mapper = vtkImageResliceMapper.newInstance();
  mapper.setInputData(image);
  mapper.setSlicePlane(plane);
  mapper.setSlabType(SlabTypes.MAX);
  const property = vtkImageProperty.newInstance();
  property.setColorWindow(400);
  property.setColorLevel(50);
  property.setInterpolationTypeToLinear();
  const slice = vtkImageSlice.newInstance();
  slice.setMapper(mapper as never);
  slice.setProperty(property);
  renderer.addActor(slice as never);
  renderer.getActiveCamera().setParallelProjection(true);
  window3.addRenderer(renderer);
  return { renderer, mapper, plane };
}

/** Reading a pixel of the one drawing buffer ends the frame of all three views. */
function levels(): number[] {
  const gl = surface.get3DContext({}) as WebGL2RenderingContext;
  const out: number[] = [];
  const bytes = new Uint8Array(4);
  for (let n = 0; n < views; n++) {
    gl.readPixels(n * side + side / 2, side / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    out.push(bytes[0] ?? 0);
  }
  return out;
}

function place({ renderer, plane }: View, { centreMm: c, right: r, down: d }: BenchPlane): void {
  const n = [r[1] * d[2] - r[2] * d[1], r[2] * d[0] - r[0] * d[2], r[0] * d[1] - r[1] * d[0]] as const;
  plane.setOrigin(...c);
  plane.setNormal(n[0], n[1], n[2]);
  const camera = renderer.getActiveCamera();
  camera.setFocalPoint(...c);
  camera.setPosition(c[0] - 500 * n[0], c[1] - 500 * n[1], c[2] - 500 * n[2]);
  camera.setViewUp(-d[0], -d[1], -d[2]);
  camera.setParallelScale(192);
  camera.setClippingRange(1, 1000);
}

async function steps(planes: readonly (readonly BenchPlane[])[], slabMm: number) {
  for (const { mapper } of all) mapper.setSlabThickness(slabMm);
  const stepMs: number[] = [];
  const seen: number[] = [];
  for (const three of planes) {
    const startMs = performance.now();
    for (const [n, plane] of three.entries()) place(all[n]!, plane);
    window3.render();
    seen.push(...levels());
    stepMs.push(performance.now() - startMs);
    // The page breathes, as between two moves of a pointer.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { stepMs, levels: seen };
}

const peer: Peer = { makeVolume, steps };
window.peer = peer;
document.body.dataset['ready'] = 'true';
