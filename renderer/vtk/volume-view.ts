import './ray-mapper.ts';
import vtkDataArray from 'vtk.js/Common/Core/DataArray';
import vtkImageData from 'vtk.js/Common/DataModel/ImageData';
import vtkRenderer from 'vtk.js/Rendering/Core/Renderer';
import vtkRenderWindow from 'vtk.js/Rendering/Core/RenderWindow';
import vtkRenderWindowInteractor from 'vtk.js/Rendering/Core/RenderWindowInteractor';
import vtkVolume from 'vtk.js/Rendering/Core/Volume';
import vtkVolumeMapper from 'vtk.js/Rendering/Core/VolumeMapper';
import vtkOpenGLRenderWindow from 'vtk.js/Rendering/OpenGL/RenderWindow';
import { between, length, spacingMm } from '../../core/geometry/matrices.ts';
import type { Vec3 } from '../../core/geometry/types.ts';
import type { LabelViews } from '../../core/render/label-keeper.ts';
import type { VoxelBox } from '../../core/render/labels.ts';
import { transferTable } from '../../core/render/transfer.ts';
import type { TransferTable, VolumeInfo } from '../../core/render/types.ts';
import { projectionWindow, raycastRequest } from '../../core/render/volume.ts';
import type { VolumeScene } from '../../core/scene/types.ts';
import { factsOf, isSoftware, largestUpload, uploadLimits } from './gpu-trial.ts';
import { LeapTexture, reducedRanges } from './leap-grid.ts';
import { MaskTexture } from './mask-texture.ts';
import { MovingPace, type PaceLimits } from './pace.ts';
import { setRayPicture } from './ray-mapper.ts';
import { type GpuUpload, type UploadLimits, type UploadSource, uploadOf } from './upload.ts';

/** A volume as the GPU road takes it: modality values, i fastest. */
export interface GpuVolume extends UploadSource {
  /** 1,001 modality values at percentiles 0, 0.1 … 100. */
  readonly percentiles: Float32Array;
}

/**
 * A canvas has one context only: it is made as vtk.js asks, and kept readable for pictures of the viewport. Rays have no
 * edges to smooth: four samples a pixel would only cost the card a third of a 4K frame. Each picture has its background:
 * a canvas that lets the page through would be laid over it anew for each frame (1.6 to 3.4 ms of a 4K frame on a slow card).
 */
const contextOptions: WebGLContextAttributes = {
  preserveDrawingBuffer: true,
  depth: true,
  alpha: false,
  antialias: false,
  powerPreference: 'high-performance',
};
/** Screen pixels of one ray along each edge where a CPU plays the card. */
const softwarePixels = 2;
/** Farther apart while something moves, until its pace is known. */
const movingStart = 2;
/** At most so far apart where a CPU plays the card, and on a card never fewer rays than this squared. */
const softwareMost = 4;
const movingRays = 256;
/** Windows resets a card that is busy with one thing for two seconds: larger pictures at rest are drawn in bands. */
const bandPixels = 2 ** 19;

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

/** An uploaded volume as `core/render` describes it; its addresses mean nothing on a card. */
const infoOf = ({ geometry, voxels }: GpuUpload, { least, most, percentiles }: GpuVolume): VolumeInfo => ({
  geometry,
  scalarType: voxels instanceof Int16Array ? 'int16' : 'float32',
  layout: {
    voxels: 0,
    voxelBytes: voxels.byteLength,
    bricks: 0,
    brickCounts: [0, 0, 0],
    control: 0,
    values: 0,
    rgba: 0,
    maxOutputPixels: 0,
  },
  rescale: { slope: 1, intercept: 0 },
  min: least,
  max: most,
  percentiles,
});

export interface GpuViewOptions {
  /** Told once when the graphics context is gone. */
  onLost(): void;
  /** Instead of what the card is thought to bear. */
  readonly limits?: UploadLimits;
  /** Screen pixels of one ray along each edge; absent = 1, more where a CPU plays the card. */
  readonly pixels?: number;
  /** A picture at rest of more pixels is drawn in bands. */
  readonly bandPixels?: number;
}

/**
 * The GPU road: one 3D picture drawn by vtk.js, from the same request as the CPU road's kernels.
 * @throws where the driver refuses a context
 */
export class GpuVolumeView {
  private readonly window = vtkRenderWindow.newInstance();
  private readonly view = vtkOpenGLRenderWindow.newInstance();
  private readonly renderer = vtkRenderer.newInstance({ background: [0, 0, 0] });
  private readonly interactor = vtkRenderWindowInteractor.newInstance();
  private readonly mapper = vtkVolumeMapper.newInstance();
  private readonly actor = vtkVolume.newInstance();
  private readonly image: vtkImageData;
  private readonly info: VolumeInfo;
  private readonly missingBelow: number;
  private readonly wholeSize: Vec3;
  private readonly pixels: number;
  private readonly bandPixels: number;
  private readonly isCard: boolean;
  private readonly pace: MovingPace;
  private readonly gl: WebGL2RenderingContext;
  private readonly leaps: LeapTexture;
  private table: { readonly key: string; readonly table: TransferTable } | null = null;
  private masks: MaskTexture | null = null;
  private isDisposed = false;
  /** Voxels of the volume along each edge of one that was uploaded; 1 = all of them. */
  readonly factor: number;

  /** @param container gets the canvas */
  constructor(container: HTMLElement, volume: GpuVolume, options: GpuViewOptions) {
    this.window.addRenderer(this.renderer);
    this.window.addView(this.view);
    this.view.set({ cursor: 'inherit' }, true);
    this.view.setContainer(container);
    const gl = this.view.getCanvas()?.getContext('webgl2', contextOptions);
    if (!gl) throw new Error('no WebGL 2');
    const facts = factsOf(gl);
    this.pixels = options.pixels ?? (isSoftware(facts) ? softwarePixels : 1);
    this.bandPixels = options.bandPixels ?? bandPixels;
    this.isCard = !isSoftware(facts);
    const anyLimits = { least: this.pixels, most: this.pixels * movingStart };
    this.pace = new MovingPace(gl, anyLimits, this.pixels * movingStart, this.isCard);
    this.gl = gl;
    const isShort = volume.voxels instanceof Int16Array && gl.getExtension('EXT_texture_norm16') !== null;
    const limits = options.limits ?? uploadLimits(facts, isShort ? 2 : 4);
    const upload = uploadOf(volume, largestUpload(gl, volume, limits));
    this.factor = upload.factor;
    this.wholeSize = volume.geometry.size;
    this.missingBelow = upload.missingBelow;
    this.info = infoOf(upload, volume);
    this.leaps = new LeapTexture(gl, upload.geometry.size);
    this.image = imageOf(upload);
    // The volume mapper asks the interactor whether it animates; it is bound to no events.
    this.interactor.setView(this.view);
    this.mapper.setInputData(this.image);
    this.mapper.setAutoAdjustSampleDistances(false);
    // Of the shader's own: this one only says what vtk.js warns about.
    this.mapper.setMaximumSamplesPerRay(1e6);
    this.actor.setMapper(this.mapper);
    this.renderer.addVolume(this.actor);
    const canvas = this.view.getCanvas();
    canvas?.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      // Giving the context back at the end looks the same.
      if (!this.isDisposed) options.onLost();
    });
  }

  /**
   * Masks as `CpuRenderer.prepareLayers` gives them for the layers of the scenes drawn from now on; null takes them
   * away. `changed`: only these voxels differ from before. False where the card has no room: pictures go without.
   */
  setLabels(views: LabelViews | null, changed?: VoxelBox): boolean {
    if (this.isDisposed) return false;
    if (!views) {
      this.masks?.dispose();
      this.masks = null;
      return true;
    }
    if (this.masks) {
      this.masks.write(views, changed);
      return true;
    }
    const made = new MaskTexture(this.gl, this.wholeSize, this.factor);
    if (made.isReady) made.write(views);
    else made.dispose();
    this.masks = made.isReady ? made : null;
    return made.isReady;
  }

  /** Least and largest value of each brick, as `CpuRenderer.prepareBricks` gives them: rays leave out what shows nothing. */
  setBricks(pairs: Float32Array): void {
    this.leaps.setRanges(reducedRanges(pairs, this.wholeSize, this.factor));
  }

  /** Draws the scene for a place of a size in device pixels. */
  draw(scene: VolumeScene, width: number, height: number, isMoving: boolean): void {
    if (this.isDisposed) return;
    if (length(between(scene.camera.position, scene.camera.focalPoint)) === 0)
      throw new Error('camera without a direction');
    if (isMoving) this.pace.begin(this.paceLimits(width, height));
    else this.pace.rest();
    const pixels = isMoving ? this.pace.pixels : this.pixels;
    const size = { width: Math.ceil(width / pixels), height: Math.ceil(height / pixels) };
    const table = this.tableOf(scene);
    const quality = isMoving ? 'moving' : 'rest';
    const request = raycastRequest(this.info, scene, size, {
      quality,
      skipping: false,
      labelled: this.masks !== null,
      ...(table && { table }),
    });
    const window = projectionWindow(scene);
    const { missingBelow, leaps: leapTexture } = this;
    const maskTexture = request.mask && this.masks ? { maskTexture: this.masks } : {};
    setRayPicture(this.mapper, { request, window, missingBelow, leapTexture, ...maskTexture });
    const property = this.actor.getProperty();
    if (scene.interpolation === 'nearest') property.setInterpolationTypeToNearest();
    else property.setInterpolationTypeToLinear();
    this.view.setSize(size.width, size.height);
    this.drawBands(isMoving ? 1 : Math.ceil((size.width * size.height) / this.bandPixels));
    if (isMoving) this.pace.end();
  }

  private paceLimits(width: number, height: number): PaceLimits {
    const least = this.pixels;
    const most = this.isCard ? Math.sqrt(width * height) / movingRays : least * softwareMost;
    return { least, most: Math.max(least, most) };
  }

  private drawBands(count: number): void {
    for (let band = 0; band < count; band += 1) {
      this.renderer.setViewport(0, band / count, 1, (band + 1) / count);
      // The window's own render would wait for an interactor that listens.
      this.view.traverseAllPasses();
      if (count > 1) this.gl.flush();
    }
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.pace.dispose();
    this.masks?.dispose();
    this.leaps.dispose();
    this.renderer.removeVolume(this.actor);
    this.window.removeRenderer(this.renderer);
    this.window.removeView(this.view);
    for (const part of [this.actor, this.mapper, this.image, this.renderer, this.interactor]) part.delete();
    // Takes its canvas out of the page too.
    this.view.delete();
    this.window.delete();
  }

  private tableOf(scene: VolumeScene): TransferTable | null {
    if (scene.mode !== 'composite') return null;
    const key = JSON.stringify([scene.transfer, scene.shiftHu]);
    if (this.table?.key !== key)
      this.table = { key, table: transferTable(this.info, scene.transfer, scene.shiftHu) };
    return this.table.table;
  }
}
