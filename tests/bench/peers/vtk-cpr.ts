/** Runs in a page: a straightened picture by vtk.js' own CPR mapper, set up as its example does. */
import 'vtk.js/Rendering/Profiles/All';
import vtkDataArray from 'vtk.js/Common/Core/DataArray';
import vtkImageData from 'vtk.js/Common/DataModel/ImageData';
import vtkPolyData from 'vtk.js/Common/DataModel/PolyData';
import vtkImageCPRMapper from 'vtk.js/Rendering/Core/ImageCPRMapper';
import { ProjectionMode } from 'vtk.js/Rendering/Core/ImageCPRMapper/Constants';
import vtkImageSlice from 'vtk.js/Rendering/Core/ImageSlice';
import vtkRenderer from 'vtk.js/Rendering/Core/Renderer';
import vtkRenderWindow from 'vtk.js/Rendering/Core/RenderWindow';
import vtkOpenGLRenderWindow from 'vtk.js/Rendering/OpenGL/RenderWindow';
import { type BenchLine, cprLevels, cprSize } from './cpr-line.ts';
import { benchGeometry, benchVoxels } from './voxels.ts';

const { width, height } = cprSize;
const renderWindow = vtkRenderWindow.newInstance();
const surface = vtkOpenGLRenderWindow.newInstance();
const renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
const container = document.createElement('div');
document.body.append(container);
surface.setContainer(container);
surface.setSize(width, height);
renderWindow.addView(surface);
renderWindow.addRenderer(renderer);
const mapper = vtkImageCPRMapper.newInstance();

function makeVolume(slices: number): void {
  const { size, spacing, origin } = benchGeometry(slices);
  const image = vtkImageData.newInstance();
  image.setDimensions(size);
  image.setSpacing(spacing);
  image.setOrigin(origin);
  image
    .getPointData()
    .setScalars(vtkDataArray.newInstance({ name: 'HU', values: benchVoxels(slices), numberOfComponents: 1 }));
  mapper.setImageData(image);
  const actor = vtkImageSlice.newInstance();
  actor.setMapper(mapper as never);
  const property = actor.getProperty();
  property.setColorWindow(400);
  property.setColorLevel(50);
  property.setInterpolationTypeToLinear();
  renderer.addActor(actor as never);
  renderer.getActiveCamera().setParallelProjection(true);
}

function setLine({ points, frames }: BenchLine): void {
  const count = points.length / 3;
  const centreline = vtkPolyData.newInstance();
  centreline.getPoints().setData(Float32Array.from(points), 3);
  centreline
    .getLines()
    .setData(Uint32Array.from({ length: count + 1 }, (_, n) => (n === 0 ? count : n - 1)) as never);
  centreline.getPointData().addArray(
    vtkDataArray.newInstance({
      name: 'Orientation',
      values: Float32Array.from(frames),
      numberOfComponents: 9,
    }),
  );
  centreline.modified();
  mapper.setCenterlineData(centreline);
}

window.cprPeer = {
  makeVolume,
  step(line, widthMm, slabMm, samples) {
    const startMs = performance.now();
    setLine(line);
    mapper.setWidth(widthMm);
    mapper.setProjectionSlabThickness(slabMm);
    mapper.setProjectionSlabNumberOfSamples(samples);
    mapper.setProjectionMode(ProjectionMode.MAX);
    const lengthMm = mapper.getHeight();
    // Pixels as large as ours, the line's start at the top.
    const shownMm = (widthMm * height) / width;
    const camera = renderer.getActiveCamera();
    camera.setFocalPoint(widthMm / 2, lengthMm - shownMm / 2, 0);
    camera.setPosition(widthMm / 2, lengthMm - shownMm / 2, 100);
    camera.setViewUp(0, 1, 0);
    camera.setParallelScale(shownMm / 2);
    camera.setClippingRange(1, 1000);
    renderWindow.render();
    const gl = surface.get3DContext({}) as WebGL2RenderingContext;
    const one = new Uint8Array(4);
    gl.readPixels(width / 2, height / 2, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, one);
    const ms = performance.now() - startMs;
    const bytes = new Uint8Array(4 * width * height);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
    let sum = 0;
    for (let n = 0; n < bytes.length; n += 4) sum += bytes[n] ?? 0;
    const levels = Array.from({ length: cprLevels }, (_, n) => {
      const row = Math.round(((n + 0.5) * height) / cprLevels);
      return bytes[4 * ((height - 1 - row) * width + width / 2)] ?? 0;
    });
    return { ms, meanLevel: sum / (width * height), levels };
  },
};
document.body.dataset['ready'] = 'true';
