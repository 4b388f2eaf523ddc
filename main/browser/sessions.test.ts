import { describe, expect, it } from 'vitest';
import { createSessions, downloadHandleMs, launchTokenMs } from './sessions.ts';

function withClock() {
  let now = 1_000_000;
  let made = 0;
  const sessions = createSessions({ nowMs: () => now, randomSecret: () => `secret-${made++}` });
  return { sessions, pass: (ms: number) => (now += ms) };
}

function enterNew(sessions: ReturnType<typeof createSessions>, oldCookie?: string) {
  const entered = sessions.enter(sessions.issueToken(launchTokenMs), oldCookie);
  if (!entered) throw new Error('a fresh token must be accepted');
  return entered;
}

describe('tokens', () => {
  it('open a session once', () => {
    const { sessions } = withClock();
    const token = sessions.issueToken(launchTokenMs);
    expect(sessions.enter(token, undefined)).not.toBeNull();
    expect(sessions.enter(token, undefined)).toBeNull();
  });

  it('expire on their last millisecond', () => {
    const { sessions, pass } = withClock();
    const token = sessions.issueToken(launchTokenMs);
    pass(launchTokenMs - 1);
    const other = sessions.issueToken(launchTokenMs);
    pass(1);
    expect(sessions.enter(token, undefined)).toBeNull();
    expect(sessions.enter(other, undefined)).not.toBeNull();
  });

  it('are not guessed by empty or unknown text', () => {
    const { sessions } = withClock();
    sessions.issueToken(launchTokenMs);
    for (const guess of ['', 'secret-99', 'undefined']) expect(sessions.enter(guess, undefined)).toBeNull();
  });
});

describe('sessions', () => {
  it('need the cookie and the nonce of the same session', () => {
    const { sessions } = withClock();
    const a = enterNew(sessions);
    const b = enterNew(sessions);
    expect(sessions.find(a.cookie, a.nonce)).not.toBeNull();
    expect(sessions.find(a.cookie, b.nonce)).toBeNull();
    expect(sessions.find(a.cookie, undefined)).toBeNull();
    expect(sessions.find(undefined, a.nonce)).toBeNull();
    expect(sessions.find('', '')).toBeNull();
  });

  it('get a new cookie at each entrance, so that a planted one is worth nothing', () => {
    const { sessions } = withClock();
    const planted = 'planted-by-another-page';
    const entered = enterNew(sessions, planted);
    expect(entered.cookie).not.toBe(planted);
    expect(sessions.find(planted, entered.nonce)).toBeNull();
  });

  it('keep the windows of one browser together when it enters again', () => {
    const { sessions } = withClock();
    const first = enterNew(sessions);
    const second = enterNew(sessions, first.cookie);
    expect(sessions.find(second.cookie, first.nonce)).toEqual(sessions.find(second.cookie, second.nonce));
    expect(sessions.find(second.cookie, first.nonce)).not.toBeNull();
    expect(sessions.find(first.cookie, first.nonce)).toBeNull();
  });

  it('are dead after leaving', () => {
    const { sessions } = withClock();
    const { cookie, nonce } = enterNew(sessions);
    const session = sessions.find(cookie, nonce);
    if (!session) throw new Error('session expected');
    const handle = sessions.issueDownload(session, '/instance/1');
    sessions.leave(session);
    expect(sessions.find(cookie, nonce)).toBeNull();
    expect(sessions.takeDownload(handle, cookie)).toBeNull();
  });
});

describe('download handles', () => {
  it('work once, within their time, for their own session', () => {
    const { sessions, pass } = withClock();
    const mine = enterNew(sessions);
    const other = enterNew(sessions);
    const session = sessions.find(mine.cookie, mine.nonce);
    if (!session) throw new Error('session expected');
    const handle = sessions.issueDownload(session, '/instance/1');
    expect(sessions.takeDownload(handle, other.cookie)).toBeNull();
    expect(sessions.takeDownload(handle, mine.cookie)).toBe('/instance/1');
    expect(sessions.takeDownload(handle, mine.cookie)).toBeNull();
    const late = sessions.issueDownload(session, '/instance/2');
    pass(downloadHandleMs);
    expect(sessions.takeDownload(late, mine.cookie)).toBeNull();
  });
});
