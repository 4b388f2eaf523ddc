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
import { between, length, spacingMm } from '../../core/geometry/matrices.ts';
import { percentileValue } from '../../core/render/transfer.ts';
import { airBelow } from '../../core/render/volume.ts';
import type { Camera, VolumeScene, WindowSetting } from '../../core/scene/types.ts';
import { factsOf, isSoftware, uploadLimits } from './gpu-trial.ts';
import { type GpuUpload, type UploadSource, uploadOf } from './upload.ts';

/** A volume as the GPU road takes it: modality values, i fastest. */
export interface GpuVolume extends UploadSource {
  readonly most: number;
  /** 1,001 modality values at percentiles 0, 0.1 … 100. */
  readonly percentiles: Float32Array;
}

const samplesMost = 4000;
/** As vtk.js asks; a canvas has one context only. */
const contextOptions: WebGLContextAttributes = {
  preserveDrawingBuffer: false,
  depth: true,
  alpha: true,
  powerPreference: 'high-performance',
};
/** Samples lie this much farther apart while something moves. */
const movingFactor = 2;
/** Screen pixels of one ray along each edge where a CPU plays the card. */
const softwarePixels = 2;

/** vtk.js image in patient space; its direction matrix holds the unit axes column by column. */
function imageOf({ geometry, voxels }: GpuUpload): vtkImageData {
  const m = geometry.patientFromIndex;
  const spacing = spacingMm(m);
  const image = vtkImageData.newInstance();
  image.setDimensions([...geometry.size]);
  image.setSpacing([...spacing]);
  image.setOrigin([m[3]!, m[7]!, m[11]!]);
  const column = (c: 0 | 1 | 2): [number, number, number] => [
    m[c]! / spacing[c],
    m[4 + c]! / spacing[c],
    m[8 + c]! / spacing[c],
  ];
  image.setDirection([...column(0), ...column(1), ...column(2)]);
  const values = vtkDataArray.newInstance({ name: 'values', numberOfComponents: 1, values: voxels });
  image.getPointData().setScalars(values);
  return image;
}

/** The GPU road: one 3D picture drawn by vtk.js, from the same scene as the CPU road. */
export class GpuVolumeView {
  private readonly window = vtkRenderWindow.newInstance();
  private readonly view = vtkOpenGLRenderWindow.newInstance();
  private readonly renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
  private readonly interactor = vtkRenderWindowInteractor.newInstance();
  private readonly mapper = vtkVolumeMapper.newInstance();
  private readonly actor = vtkVolume.newInstance();
  private readonly image: vtkImageData;
  private readonly volume: GpuVolume;
  private readonly fineMm: number;
  private isDisposed = false;
  /** Voxels of the volume along each edge of one that was uploaded; 1 = all of them. */
  readonly factor: number;
  private readonly isSoftware: boolean;

  /**
   * @param container gets the canvas
   * @param onLost told once when the graphics context is gone
   */
  constructor(container: HTMLElement, volume: GpuVolume, onLost: () => void) {
    this.volume = volume;
    this.window.addRenderer(this.renderer);
    this.window.addView(this.view);
    this.view.set({ cursor: 'inherit' }, true);
    this.view.setContainer(container);
    const gl = this.view.getCanvas()?.getContext('webgl2', contextOptions);
    if (!gl) throw new Error('no WebGL 2');
    const facts = factsOf(gl);
    this.isSoftware = isSoftware(facts);
    const upload = uploadOf(volume, uploadLimits(facts));
    this.factor = upload.factor;
    this.fineMm = Math.min(...spacingMm(upload.geometry.patientFromIndex));
    this.image = imageOf(upload);
    // The volume mapper asks the interactor whether it animates; it is bound to no events.
    this.interactor.setView(this.view);
    this.mapper.setInputData(this.image);
    this.mapper.setAutoAdjustSampleDistances(false);
    this.mapper.setMaximumSamplesPerRay(samplesMost);
    this.actor.setMapper(this.mapper);
    this.renderer.addVolume(this.actor);
    const canvas = this.view.getCanvas();
    canvas?.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      // Giving the context back at the end looks the same.
      if (!this.isDisposed) onLost();
    });
  }

  /** Draws the scene at a size in device pixels. */
  draw(scene: VolumeScene, width: number, height: number, isMoving: boolean): void {
    if (this.isDisposed) return;
    this.view.setSize(width, height);
    this.setCamera(scene.camera);
    this.setLook(scene);
    const finest = Math.max(this.fineMm, 0.05);
    const restMm = scene.stepMm ?? (this.isSoftware ? finest : Math.min(finest, 1));
    const pixels = this.isSoftware ? softwarePixels : 1;
    this.mapper.setSampleDistance(isMoving ? restMm * movingFactor : restMm);
    this.mapper.setImageSampleDistance(isMoving ? pixels * movingFactor : pixels);
    this.renderer.resetCameraClippingRange();
    // The window's own render would wait for an interactor that listens.
    this.view.traverseAllPasses();
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.renderer.removeVolume(this.actor);
    this.window.removeRenderer(this.renderer);
    this.window.removeView(this.view);
    for (const part of [this.actor, this.mapper, this.image, this.renderer, this.interactor]) part.delete();
    // Takes its canvas out of the page too.
    this.view.delete();
    this.window.delete();
  }

  private setCamera(camera: Camera): void {
    const active = this.renderer.getActiveCamera();
    const { focalPoint: f, position: p, viewUp: u } = camera;
    active.setFocalPoint(f[0], f[1], f[2]);
    active.setPosition(p[0], p[1], p[2]);
    active.setViewUp(u[0], u[1], u[2]);
    active.setParallelProjection(camera.lens.kind === 'orthographic');
    if (camera.lens.kind === 'orthographic') active.setParallelScale(camera.lens.parallelScaleMm);
    else active.setViewAngle((camera.lens.viewAngleRad * 180) / Math.PI);
    if (length(between(camera.position, camera.focalPoint)) === 0)
      throw new Error('camera without a direction');
  }

  private setLook(scene: VolumeScene): void {
    const property = this.actor.getProperty();
    const opacity = vtkPiecewiseFunction.newInstance();
    const colour = vtkColorTransferFunction.newInstance();
    if (scene.mode === 'composite') this.compositeLook(scene, opacity, colour);
    else greyLook(scene.window, scene.shiftHu, opacity, colour);
    property.setScalarOpacity(0, opacity);
    property.setRGBTransferFunction(0, colour);
    // Opacity is per 1 mm, so that the voxel size does not change the look.
    property.setScalarOpacityUnitDistance(0, 1);
    property.setInterpolationTypeToLinear();
    property.setShade(scene.shading !== null && scene.mode === 'composite');
    if (scene.shading) {
      property.setAmbient(scene.shading.ambient);
      property.setDiffuse(scene.shading.diffuse);
      property.setSpecular(scene.shading.specular);
      property.setSpecularPower(scene.shading.power);
    }
    if (scene.mode === 'mip') this.mapper.setBlendModeToMaximumIntensity();
    else if (scene.mode === 'minip') this.mapper.setBlendModeToMinimumIntensity();
    else if (scene.mode === 'mean') {
      this.mapper.setBlendModeToAverageIntensity();
      // The air around the patient is left out of the mean, as on the CPU road; the range is in shares of all values.
      const { least, most } = this.volume;
      property.set({ ipScalarRange: [(airBelow - least) / Math.max(most - least, 1e-6), 1e6] });
    } else this.mapper.setBlendModeToComposite();
  }

  private compositeLook(
    scene: VolumeScene,
    opacity: vtkPiecewiseFunction,
    colour: vtkColorTransferFunction,
  ): void {
    const { transfer, shiftHu } = scene;
    const place = (value: number): number =>
      shiftHu + (transfer.unit === 'percentile' ? percentileValue(this.volume.percentiles, value) : value);
    for (const point of transfer.opacity) opacity.addPoint(place(point.value), point.opacity);
    for (const { value, colour: rgb } of transfer.colour) {
      colour.addRGBPoint(place(value), rgb[0] / 255, rgb[1] / 255, rgb[2] / 255);
    }
  }
}

/** A window as a ramp of grey; what lies outside takes its ends. */
function greyLook(
  window: WindowSetting,
  shift: number,
  opacity: vtkPiecewiseFunction,
  colour: vtkColorTransferFunction,
): void {
  const [low, high] =
    window.kind === 'window'
      ? [window.centre - window.width / 2, window.centre + window.width / 2]
      : [window.first, window.first + window.levels.length];
  const [from, to] = window.invert ? [1, 0] : [0, 1];
  colour.addRGBPoint(low + shift, from, from, from);
  colour.addRGBPoint(high + shift, to, to, to);
  opacity.addPoint(low + shift, 1);
  opacity.addPoint(high + shift, 1);
}
