import { colourMaps, type FusionLayer } from './fusion.ts';
import type { JsonReader } from './json-reader.ts';
import type { SceneLayer } from './layers.ts';
import type { Shading, TransferFunction, WindowSetting } from './types.ts';

/** Points of a transfer function, and entries of a window's table, that a file may have. */
const mostPoints = 1024;
const mostLevels = 65_536;

export function readWindow(reader: JsonReader, value: unknown, at: string): WindowSetting {
  const kind =
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'table'
      ? 'table'
      : 'window';
  if (kind === 'table') {
    const o = reader.object(value, at, ['kind', 'first', 'levels', 'invert']);
    const levels = reader.list(o['levels'], `${at}.levels`, [1, mostLevels], (level, where) =>
      reader.whole(level, where, 0, 255),
    );
    return {
      kind,
      first: reader.number(o['first'], `${at}.first`),
      levels: Uint8Array.from(levels),
      invert: reader.boolean(o['invert'], `${at}.invert`),
    };
  }
  const o = reader.object(value, at, ['kind', 'function', 'centre', 'width', 'invert']);
  return {
    kind: reader.oneOf(o['kind'], `${at}.kind`, ['window']),
    function: reader.oneOf(o['function'], `${at}.function`, ['LINEAR', 'LINEAR_EXACT', 'SIGMOID']),
    centre: reader.number(o['centre'], `${at}.centre`),
    width: reader.number(o['width'], `${at}.width`, Number.MIN_VALUE),
    invert: reader.boolean(o['invert'], `${at}.invert`),
  };
}

export function readTransfer(reader: JsonReader, value: unknown, at: string): TransferFunction {
  const o = reader.object(value, at, ['unit', 'opacity', 'colour', 'gradientOpacity']);
  /** Ascending: a table is made from them by walking once. */
  const rising = (points: readonly number[], where: string): void => {
    if (points.some((x, n) => n > 0 && x < points[n - 1]!)) reader.wrong(where);
  };
  const opacity = reader.list(o['opacity'], `${at}.opacity`, [1, mostPoints], (item, where) => {
    const p = reader.object(item, where, ['value', 'opacity']);
    return {
      value: reader.number(p['value'], `${where}.value`),
      opacity: reader.number(p['opacity'], `${where}.opacity`, 0, 1),
    };
  });
  rising(
    opacity.map((p) => p.value),
    `${at}.opacity`,
  );
  const colour = reader.list(o['colour'], `${at}.colour`, [1, mostPoints], (item, where) => {
    const p = reader.object(item, where, ['value', 'colour']);
    return {
      value: reader.number(p['value'], `${where}.value`),
      colour: reader.vector(p['colour'], `${where}.colour`, 0, 255),
    };
  });
  rising(
    colour.map((p) => p.value),
    `${at}.colour`,
  );
  const unit = reader.oneOf(o['unit'], `${at}.unit`, ['modality', 'percentile', 'bodyPercentile']);
  if (o['gradientOpacity'] === undefined) return { unit, opacity, colour };
  const where = `${at}.gradientOpacity`;
  const gradientOpacity = reader.list(o['gradientOpacity'], where, [1, mostPoints], (item, place) => {
    const p = reader.object(item, place, ['gradientPerMm', 'factor']);
    return {
      gradientPerMm: reader.number(p['gradientPerMm'], `${place}.gradientPerMm`, 0),
      factor: reader.number(p['factor'], `${place}.factor`, 0, 1),
    };
  });
  rising(
    gradientOpacity.map((p) => p.gradientPerMm),
    where,
  );
  return { unit, opacity, colour, gradientOpacity };
}

export function readShading(reader: JsonReader, value: unknown, at: string): Shading {
  const o = reader.object(value, at, ['ambient', 'diffuse', 'specular', 'power']);
  return {
    ambient: reader.number(o['ambient'], `${at}.ambient`, 0, 10),
    diffuse: reader.number(o['diffuse'], `${at}.diffuse`, 0, 10),
    specular: reader.number(o['specular'], `${at}.specular`, 0, 10),
    power: reader.number(o['power'], `${at}.power`, 0, 1000),
  };
}

/** As `SceneLayer`; a scene without layers stays without. */
export function readLayers(reader: JsonReader, value: unknown): { layers?: readonly SceneLayer[] } {
  if (value === undefined) return {};
  const layers = reader.list(value, 'layers', [0, 255], (item, at) => {
    const o = reader.object(item, at, ['index', 'role', 'colour', 'opacity']);
    return {
      index: reader.whole(o['index'], `${at}.index`, 1, 255),
      role: reader.oneOf(o['role'], `${at}.role`, ['removed', 'shown']),
      colour: reader.vector(o['colour'], `${at}.colour`, 0, 255),
      opacity: reader.number(o['opacity'], `${at}.opacity`, 0, 1),
    };
  });
  return { layers };
}

/** As `FusionLayer`; a scene of one series stays without. */
export function readFusion(reader: JsonReader, value: unknown): { fusion?: FusionLayer } {
  if (value === undefined) return {};
  const o = reader.object(value, 'fusion', ['series', 'group', 'map', 'opacity', 'low', 'high']);
  const low = reader.number(o['low'], 'fusion.low');
  const high = reader.number(o['high'], 'fusion.high');
  if (!(high > low)) reader.wrong('fusion.high');
  return {
    fusion: {
      series: reader.text(o['series'], 'fusion.series', 64),
      group: reader.text(o['group'], 'fusion.group', 200),
      map: reader.oneOf(o['map'], 'fusion.map', colourMaps),
      opacity: reader.number(o['opacity'], 'fusion.opacity', 0, 1),
      low,
      high,
    },
  };
}
