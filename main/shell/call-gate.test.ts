import { describe, expect, it } from 'vitest';
import { ok, type Result } from '../../core/base/result.ts';
import type { Host } from '../../core/contract/host.ts';
import { fromWire } from '../../core/contract/wire.ts';
import { callBytesMax, callsPerSecondMax, createCallGate } from './call-gate.ts';

function gateOver(call: (name: string, input: unknown) => Promise<Result<unknown>>) {
  let now = 0;
  const bugs: string[] = [];
  const host = {
    call,
    subscribe: () => () => {},
    fetch: async () => ({ status: 404, headers: {}, body: null }),
    close: async () => {},
  } as Host;
  const gate = createCallGate({ host, nowMs: () => now, report: (name) => bugs.push(name) });
  const ask = async (name: string, text = '{}') => fromWire(await gate.answer(name, text)) as Result<unknown>;
  return { ask, bugs, pass: (ms: number) => (now += ms) };
}

const codeOf = (result: Result<unknown>) => (result.ok ? 'ok' : result.problem.code);

describe('createCallGate', () => {
  it('passes a known call with its input', async () => {
    const { ask } = gateOver(async (name, input) => ok({ name, input }));
    expect(await ask('settings.get', '{"a":1}')).toEqual(ok({ name: 'settings.get', input: { a: 1 } }));
  });

  it.each(['nothing.known', '__proto__', 'constructor', 'toString', ''])(
    'refuses the name %j',
    async (name) => {
      let called = 0;
      const { ask } = gateOver(async () => ok(called++));
      expect(codeOf(await ask(name))).toBe('NOT_FOUND');
      expect(called).toBe(0);
    },
  );

  it('refuses text that is no JSON and text that is too long', async () => {
    const { ask } = gateOver(async () => ok(null));
    expect(codeOf(await ask('app.info', '{'))).toBe('INPUT_INVALID');
    expect(codeOf(await ask('app.info', `{}${' '.repeat(callBytesMax)}`))).toBe('INPUT_INVALID');
  });

  it('refuses the 201st call of a second and takes calls again in the next', async () => {
    const { ask, pass } = gateOver(async () => ok(null));
    const codes = [];
    for (let i = 0; i <= callsPerSecondMax; i++) codes.push(codeOf(await ask('app.info')));
    expect(codes.slice(0, callsPerSecondMax).every((code) => code === 'ok')).toBe(true);
    expect(codes.at(-1)).toBe('RATE_LIMIT');
    pass(1000);
    expect(codeOf(await ask('app.info'))).toBe('ok');
  });

  it('answers a bug with INTERNAL and nothing of its message', async () => {
    const { ask, bugs } = gateOver(async () => {
      throw new Error('/home/someone/secret');
    });
    expect(await ask('app.info')).toEqual({ ok: false, problem: { code: 'INTERNAL' } });
    expect(bugs).toEqual(['app.info']);
  });
});
