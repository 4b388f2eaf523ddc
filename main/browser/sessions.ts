/**
 * One-time tokens and the sessions they open. No clock and no random of its own: both are passed in.
 * A session is proved by two secrets. The cookie alone is not enough, because cookies ignore ports and another page
 * on 127.0.0.1 sends it too; the nonce lives in sessionStorage, which is kept per origin.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

export const launchTokenMs = 60_000;
export const terminalTokenMs = 600_000;
export const downloadHandleMs = 30_000;

export interface Session {
  readonly id: number;
}

export interface Sessions {
  /** A token that opens one session within `validMs`. */
  issueToken(validMs: number): string;
  /** Spends a token. Null: unknown, used or expired. The cookie is always new, so a planted one is worth nothing. */
  enter(
    token: string,
    oldCookie: string | undefined,
  ): { readonly cookie: string; readonly nonce: string } | null;
  /** The session that this cookie and this nonce both belong to. */
  find(cookie: string | undefined, nonce: string | undefined): Session | null;
  /** Ends a session: its cookies, nonces and download handles are dead from now on. */
  leave(session: Session): void;
  /** A one-use name for a byte route, for downloads that cannot carry the nonce. */
  issueDownload(session: Session, path: string): string;
  /** Spends a download handle; the cookie must be of the session that made it. */
  takeDownload(handle: string, cookie: string | undefined): string | null;
}

interface SessionState {
  readonly session: Session;
  cookieHash: string;
  readonly nonceHashes: Set<string>;
}

/** Secrets are kept as hashes: comparing those leaks nothing about the secret by its timing. */
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
const isSame = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

export function createSessions(options: {
  readonly nowMs: () => number;
  /** 256 random bits as text that is safe in URLs and cookies. */
  readonly randomSecret: () => string;
}): Sessions {
  const { nowMs, randomSecret } = options;
  const tokens = new Map<string, number>();
  const sessions = new Map<number, SessionState>();
  const downloads = new Map<string, { sessionId: number; path: string; untilMs: number }>();
  let nextId = 1;

  const byCookie = (cookie: string | undefined): SessionState | null => {
    if (!cookie) return null;
    const hash = hashOf(cookie);
    for (const state of sessions.values()) if (isSame(state.cookieHash, hash)) return state;
    return null;
  };

  /** What expired is gone before anything is looked up. */
  const dropExpired = () => {
    const now = nowMs();
    for (const [key, untilMs] of tokens) if (untilMs <= now) tokens.delete(key);
    for (const [key, { untilMs }] of downloads) if (untilMs <= now) downloads.delete(key);
  };

  return {
    issueToken(validMs) {
      dropExpired();
      const token = randomSecret();
      tokens.set(hashOf(token), nowMs() + validMs);
      return token;
    },
    enter(token, oldCookie) {
      dropExpired();
      if (!tokens.delete(hashOf(token))) return null;
      const cookie = randomSecret();
      const nonce = randomSecret();
      // A second window of the same browser shares the cookie jar: it joins the session instead of killing it.
      const known = byCookie(oldCookie);
      if (known) {
        known.cookieHash = hashOf(cookie);
        known.nonceHashes.add(hashOf(nonce));
        return { cookie, nonce };
      }
      const id = nextId++;
      sessions.set(id, {
        session: { id },
        cookieHash: hashOf(cookie),
        nonceHashes: new Set([hashOf(nonce)]),
      });
      return { cookie, nonce };
    },
    find(cookie, nonce) {
      const state = byCookie(cookie);
      if (!state || !nonce) return null;
      const hash = hashOf(nonce);
      for (const known of state.nonceHashes) if (isSame(known, hash)) return state.session;
      return null;
    },
    leave(session) {
      sessions.delete(session.id);
      for (const [key, { sessionId }] of downloads) if (sessionId === session.id) downloads.delete(key);
    },
    issueDownload(session, path) {
      dropExpired();
      const handle = randomSecret();
      downloads.set(hashOf(handle), { sessionId: session.id, path, untilMs: nowMs() + downloadHandleMs });
      return handle;
    },
    takeDownload(handle, cookie) {
      dropExpired();
      const key = hashOf(handle);
      const download = downloads.get(key);
      if (!download || byCookie(cookie)?.session.id !== download.sessionId) return null;
      downloads.delete(key);
      return download.path;
    },
  };
}
