import { expect, test, vi } from 'vitest';
import { signedWords } from '../../core/pixels/format-fixture.ts';
import type { PlanFrame, SeriesPlan } from '../../core/volume/types.ts';
import { frameRoad } from './frame-road.ts';
import type { PoolRequest } from './pool.ts';

vi.mock('../workers/inflate.ts?worker&url', () => ({ default: 'inflate.js' }));
vi.mock('../workers/decode.ts?worker&url', () => ({ default: 'decode.js' }));

const format = signedWords(4, 4, { frames: 2 });

/** Two mosaics of four tiles in one object, then a plain frame of another. */
function planOf(): SeriesPlan {
  const tiles = [0, 1].flatMap((frame) =>
    [0, 1, 2, 3].map((n): PlanFrame => {
      const tile = { column: (n % 2) * 2, row: Math.floor(n / 2) * 2, columns: 2, rows: 2 };
      return { instance: 0, frame, sizeBytes: 32, attributes: {}, tile };
    }),
  );
  const instance = {
    instanceKey: 'i',
    sopInstanceUID: '1',
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    deflated: false,
    format,
    attributes: {},
    flags: [],
    sizeBytes: 64,
  };
  return {
    planId: 'p',
    seriesKey: 's',
    studyKey: 't',
    stored: true,
    demo: false,
    common: {},
    instances: [instance, { ...instance, sopInstanceUID: '2' }],
    frames: [...tiles, { instance: 1, frame: 0, sizeBytes: 32, attributes: {} }],
    groups: [],
    aside: [],
  };
}

test('asks the host once for each stored frame, however many tiles are cut from it', async () => {
  const asked: PoolRequest[] = [];
  const pool: Parameters<typeof frameRoad>[1] = {
    run: async (request) => void asked.push(request),
    expect: () => undefined,
  };
  const client = {
    fetchBytes: () => Promise.reject(new Error('not asked')),
    workerAccess: async () => ({ baseUrl: 'http://host', headers: {} }),
  };
  const road = frameRoad(client, pool);
  await road.load({
    plan: planOf(),
    frames: [2, 0, 1, 3, 5, 4, 8].map((index) => ({ index, target: null })),
    urgent: false,
    signal: new AbortController().signal,
    onFrame: () => undefined,
  });
  const [request] = asked;
  if (request?.kind !== 'fetch') throw new Error('nothing fetched');
  expect(request.url).toBe('http://host/pixels/p?frames=2,5,8');
  expect(request.sizesBytes).toEqual([32, 32, 32]);
  expect(request.frames.map(({ index, bytesOf }) => [index, bytesOf])).toEqual([
    [2, undefined],
    [0, 2],
    [1, 2],
    [3, 2],
    [5, undefined],
    [4, 5],
    [8, undefined],
  ]);
});
