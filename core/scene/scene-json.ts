import { problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import { between, dot, length } from '../geometry/matrices.ts';
import { type PatientPoint, type PatientVector, patientPoint, patientVector } from '../geometry/types.ts';
import { curvedRowsToJson, readCurved } from './curved-json.ts';
import { JsonReader } from './json-reader.ts';
import { readFusion, readLayers, readShading, readTransfer, readWindow } from './scene-json-parts.ts';
import type { Camera, ClipPlane, Scene, SliceScene, VolumeScene } from './types.ts';

/** Version of the file format; a reader refuses newer ones instead of guessing. */
export const sceneVersion = 1;

const mostPixels = 8192;
const mostSlabMm = 200;
/** How far written unit and perpendicular vectors may be off. */
const slack = 1e-6;

/** A scene as plain JSON data: what a bookmark, an export and `candela render --scene` share. */
export function sceneToJson(scene: Scene): unknown {
  return {
    version: sceneVersion,
    ...scene,
    ...(scene.kind === 'curved' && { rows: curvedRowsToJson(scene.rows) }),
    ...(scene.window.kind === 'table' && {
      window: { ...scene.window, levels: Array.from(scene.window.levels) },
    }),
  };
}

/** Reads what `sceneToJson` wrote. Problems: SCENE_INVALID with the place that is wrong, SCENE_TOO_NEW. */
export function sceneFromJson(json: unknown): Result<Scene> {
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && version > sceneVersion)
    return fail(problem('SCENE_TOO_NEW', { version }));
  const reader = new JsonReader();
  if (version !== sceneVersion) reader.wrong('version');
  const kind = typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined;
  if (kind !== 'slice' && kind !== 'curved' && kind !== 'volume') reader.wrong('kind');
  const scene = readerOf[kind === 'curved' || kind === 'volume' ? kind : 'slice'](reader, json);
  return reader.fault === undefined ? ok(scene) : fail(problem('SCENE_INVALID', { where: reader.fault }));
}

const point = (reader: JsonReader, value: unknown, at: string): PatientPoint =>
  patientPoint(...reader.vector(value, at));

function unit(reader: JsonReader, value: unknown, at: string): PatientVector {
  const v = patientVector(...reader.vector(value, at, -1 - slack, 1 + slack));
  if (Math.abs(length(v) - 1) > slack) reader.wrong(at);
  return v;
}

const sliceNames =
  'version kind plane spacingMm width height slabMm projection interpolation window background layers fusion'.split(
    ' ',
  );

function readSlice(reader: JsonReader, json: unknown): SliceScene {
  const o = reader.object(json, '', sliceNames);
  const p = reader.object(o['plane'], 'plane', ['origin', 'right', 'down']);
  const plane = {
    origin: point(reader, p['origin'], 'plane.origin'),
    right: unit(reader, p['right'], 'plane.right'),
    down: unit(reader, p['down'], 'plane.down'),
  };
  if (Math.abs(dot(plane.right, plane.down)) > slack) reader.wrong('plane.down');
  return {
    kind: 'slice',
    plane,
    spacingMm: reader.number(o['spacingMm'], 'spacingMm', 1e-4, 1e3),
    width: reader.whole(o['width'], 'width', 1, mostPixels),
    height: reader.whole(o['height'], 'height', 1, mostPixels),
    slabMm: reader.number(o['slabMm'], 'slabMm', 0, mostSlabMm),
    projection: reader.oneOf(o['projection'], 'projection', ['none', 'mip', 'minip', 'mean']),
    interpolation: reader.oneOf(o['interpolation'], 'interpolation', ['nearest', 'linear', 'cubic']),
    window: readWindow(reader, o['window'], 'window'),
    background: reader.vector(o['background'], 'background', 0, 255),
    ...readLayers(reader, o['layers']),
    ...readFusion(reader, o['fusion']),
  };
}

function readCamera(reader: JsonReader, value: unknown): Camera {
  const o = reader.object(value, 'camera', ['focalPoint', 'position', 'viewUp', 'lens']);
  const focalPoint = point(reader, o['focalPoint'], 'camera.focalPoint');
  const position = point(reader, o['position'], 'camera.position');
  const viewUp = unit(reader, o['viewUp'], 'camera.viewUp');
  const direction = between(position, focalPoint);
  const distance = length(direction);
  if (!(distance > slack) || Math.abs(dot(direction, viewUp)) > distance * slack)
    reader.wrong('camera.viewUp');
  const l = reader.object(o['lens'], 'camera.lens', ['kind', 'parallelScaleMm', 'viewAngleRad']);
  const kind = reader.oneOf(l['kind'], 'camera.lens.kind', ['orthographic', 'perspective']);
  const lens: Camera['lens'] =
    kind === 'orthographic'
      ? {
          kind,
          parallelScaleMm: reader.number(l['parallelScaleMm'], 'camera.lens.parallelScaleMm', 1e-3, 1e5),
        }
      : { kind, viewAngleRad: reader.number(l['viewAngleRad'], 'camera.lens.viewAngleRad', 1e-3, 3) };
  return { focalPoint, position, viewUp, lens };
}

function readClipPlane(reader: JsonReader, value: unknown, at: string): ClipPlane {
  const o = reader.object(value, at, ['origin', 'normal']);
  return {
    origin: point(reader, o['origin'], `${at}.origin`),
    normal: unit(reader, o['normal'], `${at}.normal`),
  };
}

const volumeNames =
  'version kind camera mode presetId transfer shiftHu shading depthCue window isHu background clipPlanes stepMm interpolation layers fusion'.split(
    ' ',
  );

function readVolume(reader: JsonReader, json: unknown): VolumeScene {
  const o = reader.object(json, '', volumeNames);
  const { clipPlanes, stepMm, interpolation, isHu, depthCue } = o;
  return {
    kind: 'volume',
    camera: readCamera(reader, o['camera']),
    mode: reader.oneOf(o['mode'], 'mode', ['composite', 'mip', 'minip', 'mean']),
    presetId: reader.text(o['presetId'], 'presetId', 64),
    transfer: readTransfer(reader, o['transfer'], 'transfer'),
    shiftHu: reader.number(o['shiftHu'], 'shiftHu'),
    shading: o['shading'] === null ? null : readShading(reader, o['shading'], 'shading'),
    ...(depthCue !== undefined && { depthCue: reader.number(depthCue, 'depthCue', 0, 1) }),
    window: readWindow(reader, o['window'], 'window'),
    ...(isHu !== undefined && { isHu: reader.boolean(isHu, 'isHu') }),
    background: reader.vector(o['background'], 'background', 0, 255),
    ...(clipPlanes !== undefined && {
      clipPlanes: reader.list(clipPlanes, 'clipPlanes', [0, 16], (item, at) =>
        readClipPlane(reader, item, at),
      ),
    }),
    ...(stepMm !== undefined && { stepMm: reader.number(stepMm, 'stepMm', 0.01, 100) }),
    ...(interpolation !== undefined && {
      interpolation: reader.oneOf(interpolation, 'interpolation', ['nearest', 'linear', 'cubic']),
    }),
    ...readLayers(reader, o['layers']),
    ...readFusion(reader, o['fusion']),
  };
}

const readerOf = { slice: readSlice, curved: readCurved, volume: readVolume } as const;
