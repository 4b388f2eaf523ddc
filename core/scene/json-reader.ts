import type { Vec3 } from '../geometry/types.ts';

/** What a file's text holds; undefined where it is no JSON. Editors may have put a mark of its byte order first. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** Reads plain data that somebody else wrote: every value is checked, and the first place that is wrong is kept. */
export class JsonReader {
  /** Where the first fault lies (`transfer.opacity[2].value`); undefined while all is well. */
  fault: string | undefined;

  wrong(at: string): void {
    this.fault ??= at === '' ? '.' : at;
  }

  /** An object's members; unknown names are faults, so that a misspelt one is not lost. */
  object(value: unknown, at: string, names: readonly string[]): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.wrong(at);
      return {};
    }
    const unknown = Object.keys(value).find((name) => !names.includes(name));
    if (unknown !== undefined) this.wrong(at === '' ? unknown : `${at}.${unknown}`);
    return value as Readonly<Record<string, unknown>>;
  }

  number(value: unknown, at: string, least = -1e12, most = 1e12): number {
    if (typeof value === 'number' && value >= least && value <= most) return value;
    this.wrong(at);
    return least;
  }

  whole(value: unknown, at: string, least: number, most: number): number {
    const number = this.number(value, at, least, most);
    if (!Number.isInteger(number)) this.wrong(at);
    return number;
  }

  boolean(value: unknown, at: string): boolean {
    if (typeof value !== 'boolean') this.wrong(at);
    return value === true;
  }

  text(value: unknown, at: string, mostLength: number): string {
    if (typeof value === 'string' && value.length <= mostLength) return value;
    this.wrong(at);
    return '';
  }

  oneOf<const T extends string>(value: unknown, at: string, known: readonly [T, ...T[]]): T {
    const found = known.find((candidate) => candidate === value);
    if (found === undefined) this.wrong(at);
    return found ?? known[0];
  }

  list<T>(
    value: unknown,
    at: string,
    [least, most]: readonly [number, number],
    read: (item: unknown, at: string) => T,
  ): T[] {
    if (Array.isArray(value) && value.length >= least && value.length <= most)
      return value.map((item: unknown, n) => read(item, `${at}[${n}]`));
    this.wrong(at);
    return [];
  }

  vector(value: unknown, at: string, least = -1e6, most = 1e6): Vec3 {
    const list = this.list(value, at, [3, 3], (item, where) => this.number(item, where, least, most));
    return [list[0] ?? least, list[1] ?? least, list[2] ?? least];
  }
}
