import type { ElementPath } from '../../../core/dicomweb/json-write.ts';
import type { QueryLevel } from '../../../core/dicomweb/query.ts';
import { parsePathText } from './web-part.ts';

/** A study, a series of it, or one object of that. */
export interface WebTarget {
  readonly studyUid: string;
  readonly seriesUid?: string;
  readonly sopUid?: string;
}
export type OneObject = Required<WebTarget>;

/** What a path below the root asks for (PS3.18 tables 9.4-1, 10.4.1-1 and following). Frames count from 1. */
export type WebRoute =
  | { readonly kind: 'query'; readonly level: QueryLevel; readonly within: Partial<WebTarget> }
  | { readonly kind: 'objects' | 'metadata'; readonly target: WebTarget }
  | { readonly kind: 'frames'; readonly target: OneObject; readonly frames: readonly number[] }
  | { readonly kind: 'rendered'; readonly target: OneObject; readonly frame: number }
  | { readonly kind: 'bulk'; readonly target: OneObject; readonly path: ElementPath };

/** Our service's root. */
export const webRoot = '/dicom-web';
/** Frames of one request. */
const maxFrames = 10_000;

const levels: Readonly<Record<string, QueryLevel>> = {
  studies: 'study',
  series: 'series',
  instances: 'instance',
};

/** Some stored UIDs break the rules of PS3.5 9.1; they are looked up, never used in a path. */
const isUid = (text: string): boolean => /^[\x21-\x7e]{1,128}$/.test(text) && !text.includes('/');

/** Null: nothing of ours has that path. */
export function parseRoute(path: string): WebRoute | null {
  if (!path.startsWith(`${webRoot}/`)) return null;
  let parts: string[];
  try {
    parts = path
      .slice(webRoot.length + 1)
      .split('/')
      .map(decodeURIComponent);
  } catch {
    return null;
  }
  const [first = '', studyUid, second, seriesUid, third, sopUid, ...rest] = parts;
  if (studyUid === undefined) return queryOf(first, {});
  if (first !== 'studies' || !isUid(studyUid)) return null;
  if (second === undefined) return { kind: 'objects', target: { studyUid } };
  if (seriesUid === undefined) return within(second, { studyUid });
  if (second !== 'series' || !isUid(seriesUid)) return null;
  if (third === undefined) return { kind: 'objects', target: { studyUid, seriesUid } };
  if (sopUid === undefined) return within(third, { studyUid, seriesUid });
  if (third !== 'instances' || !isUid(sopUid)) return null;
  return objectRoute({ studyUid, seriesUid, sopUid }, rest);
}

const queryOf = (name: string, target: Partial<WebTarget>): WebRoute | null => {
  const level = Object.hasOwn(levels, name) ? levels[name] : undefined;
  return level === undefined ? null : { kind: 'query', level, within: target };
};

function within(name: string, target: WebTarget): WebRoute | null {
  if (name === 'metadata') return { kind: 'metadata', target };
  const isBelow = name === 'instances' || (name === 'series' && target.seriesUid === undefined);
  return isBelow ? queryOf(name, target) : null;
}

function objectRoute(target: OneObject, rest: readonly string[]): WebRoute | null {
  const [what, detail, last, ...more] = rest;
  if (what === undefined) return { kind: 'objects', target };
  if (what === 'bulkdata') {
    const path = parsePathText(rest.slice(1));
    return path && { kind: 'bulk', target, path };
  }
  if (more.length > 0 || (detail === undefined && last !== undefined)) return null;
  if (what === 'metadata' && detail === undefined) return { kind: 'metadata', target };
  if (what === 'rendered' && detail === undefined) return { kind: 'rendered', target, frame: 1 };
  if (what !== 'frames' || detail === undefined) return null;
  const frames = frameList(detail);
  if (frames === null) return null;
  if (last === undefined) return { kind: 'frames', target, frames };
  return last === 'rendered' && frames.length === 1 ? { kind: 'rendered', target, frame: frames[0]! } : null;
}

/** `1,2,3`; null when it is no such list (PS3.18 10.1.3). */
function frameList(text: string): number[] | null {
  const parts = text.split(',');
  if (parts.length > maxFrames || parts.some((part) => !/^[1-9]\d{0,6}$/.test(part))) return null;
  return parts.map(Number);
}
