// Parts of vtk.js that ship without types and that `ray-mapper.ts` builds on.

declare module 'vtk.js/Rendering/OpenGL/ViewNodeFactory' {
  export function registerOverride(className: string, create: (initialValues?: object) => unknown): void;
}

declare module 'vtk.js/Rendering/OpenGL/VolumeMapper' {
  export interface ShaderProgram {
    setUniformi(name: string, value: number): boolean;
    setUniformf(name: string, value: number): boolean;
    setUniform2fv(name: string, values: readonly number[]): boolean;
    setUniform3fv(name: string, values: readonly number[]): boolean;
    setUniform4fv(name: string, values: readonly number[]): boolean;
    setUniformMatrix3x3(name: string, values: readonly number[]): boolean;
  }
  export interface GlTexture {
    activate(): void;
    deactivate(): void;
    getTextureUnit(): number;
    getVolumeInfo(): { readonly scale: readonly number[]; readonly offset: readonly number[] };
    setOpenGLRenderWindow(window: unknown): void;
    releaseGraphicsResources(window: unknown): void;
    resetFormatAndType(): void;
    create2DFromRaw(options: {
      readonly width: number;
      readonly height: number;
      readonly numComps: number;
      readonly dataType: string;
      readonly data: Float32Array;
    }): boolean;
  }
  export interface VolumeMapperMethods {
    getShaderTemplate(shaders: { Vertex: string; Fragment: string; Geometry: string }): void;
    getNeedToRebuildShaders(...args: unknown[]): boolean;
    renderPieceDraw(renderer: unknown, actor: unknown): void;
    setMapperShaderParameters(cells: { getProgram(): ShaderProgram | null }, ...rest: unknown[]): void;
    setCameraShaderParameters(...rest: unknown[]): void;
    setPropertyShaderParameters(...rest: unknown[]): void;
    releaseGraphicsResources(window?: unknown): void;
  }
  export interface VolumeMapperState {
    readonly renderable: object;
    readonly scalarTextures: readonly GlTexture[];
    readonly _openGLRenderWindow: unknown;
  }
  export function extend(api: VolumeMapperMethods, state: VolumeMapperState, initialValues?: object): void;
}
