import { describe, expect, it } from 'vitest';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { RemoteInstance } from './archive.ts';
import { mayBeOneObject, retrieveInParts } from './retrieve-parts.ts';

const objects = (count: number): RemoteInstance[] =>
  Array.from({ length: count }, (_, n) => ({
    studyInstanceUID: '1.2',
    seriesInstanceUID: '1.2.1',
    sopInstanceUID: `1.2.1.${n}`,
    sopClassUID: '',
  }));

const refused = problem('PEER_CANNOT_PROCESS', { status: '0xC000' });

/** A station that sends until it meets an object of `bad`, and then ends the request, as Orthanc does. */
function station(all: readonly RemoteInstance[], bad: ReadonlySet<number>, atBad: Problem = refused) {
  const came = new Set<RemoteInstance>();
  const cannot = new Map<RemoteInstance, Problem>();
  let requests = 0;
  const steps = {
    attempt: async (part: readonly RemoteInstance[]) => {
      requests++;
      for (const one of part) {
        if (bad.has(all.indexOf(one))) return atBad;
        came.add(one);
      }
      return null;
    },
    missing: async (part: readonly RemoteInstance[]) => part.filter((one) => !came.has(one)),
    cannot: (one: RemoteInstance, why: Problem) => void cannot.set(one, why),
  };
  return { came, cannot, steps, requests: () => requests };
}

describe('retrieveInParts', () => {
  const { signal } = new AbortController();

  it.each([
    ['none', 12, []],
    ['the first', 12, [0]],
    ['the last', 13, [12]],
    ['two side by side', 9, [3, 4]],
    ['every second', 16, [0, 2, 4, 6, 8, 10, 12, 14]],
    ['all but the last', 7, [0, 1, 2, 3, 4, 5]],
    ['all', 5, [0, 1, 2, 3, 4]],
  ])('brings everything else where %s cannot be sent', async (_name, count, bad) => {
    const all = objects(count);
    const { came, cannot, steps } = station(all, new Set(bad));
    expect(await retrieveInParts(all, steps, signal)).toBeNull();
    expect(all.filter((one) => !came.has(one)).map((one) => all.indexOf(one))).toEqual(bad);
    expect([...cannot.keys()].map((one) => all.indexOf(one)).sort((a, b) => a - b)).toEqual(bad);
    expect(new Set(cannot.values())).toEqual(new Set(bad.length > 0 ? [refused] : []));
  });

  it('asks a few times only for one object among a thousand', async () => {
    const all = objects(1000);
    const { steps, requests } = station(all, new Set([617]));
    await retrieveInParts(all, steps, signal);
    expect(requests()).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1000)) + 2);
  });

  it('ends where the station itself is the matter', async () => {
    const all = objects(8);
    const gone = problem('CONNECTION_REFUSED', { host: 'h', port: 1 });
    const { steps, cannot, requests } = station(all, new Set([0]), gone);
    expect(await retrieveInParts(all, steps, signal)).toBe(gone);
    expect([requests(), cannot.size]).toEqual([1, 0]);
  });

  it('gives up on a station that sends nothing at all', async () => {
    const all = objects(5000);
    const { steps, requests } = station(all, new Set(all.keys()));
    expect(await retrieveInParts(all, steps, signal)).toBe(refused);
    expect(requests()).toBe(500);
  });

  it('asks no more once it is cancelled', async () => {
    const { steps, requests } = station(objects(4), new Set());
    expect(await retrieveInParts(objects(4), steps, AbortSignal.abort())).toBeNull();
    expect(requests()).toBe(0);
  });
});

it('is no way out of a full disk here, a wrong title or a lost line', () => {
  for (const code of ['DISK_FULL', 'CONNECTION_LOST', 'REJECTED_CALLED_AE', 'PEER_TIMEOUT'] as const) {
    expect(mayBeOneObject(problem(code)), code).toBe(false);
  }
});
