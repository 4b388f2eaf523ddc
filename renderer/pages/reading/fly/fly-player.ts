import { createStore, type StoreApi } from 'zustand/vanilla';
import { flyOn } from '../../../../core/scene/fly.ts';
import { setCursor } from '../cpr/cpr-actions.ts';
import { shownLine } from '../cpr/line-cursor.ts';
import { sampledOf } from '../cpr/sampled.ts';
import type { ReadingSession } from '../session/reading-session.ts';

/** Speeds offered, mm/s. */
export const flySpeeds = [5, 10, 20, 40, 80] as const;

/** A flight just now; neither undone nor kept: where it is, is the line's cursor. */
export interface FlyWork {
  readonly isPlaying: boolean;
  readonly speedMmPerS: number;
  readonly isBack: boolean;
  /** Turned from the way ahead: to the right and down. */
  readonly yawRad: number;
  readonly pitchRad: number;
  /** While it flies: ahead of the cursor, which comes after in steps. */
  readonly atMm: number | null;
}

const atRest: FlyWork = {
  isPlaying: false,
  speedMmPerS: 20,
  isBack: false,
  yawRad: 0,
  pitchRad: 0,
  atMm: null,
};

/** Planes and pictures along the line follow this often while it flies: the view from inside comes first. */
const linkMs = 300;
/** More pictures a second than this are not drawn: the page keeps its time for all others. */
const pictureMs = 38;
/** A picture that took longer does not make a leap. */
const stepMostS = 0.15;
const pitchMostRad = Math.PI / 2 - 0.1;

/** Flies along the line on screen. One a session. */
export class FlyPlayer {
  readonly work: StoreApi<FlyWork> = createStore<FlyWork>()(() => atRest);
  private readonly session: ReadingSession;
  /** Of the flight that goes on: frames of one that was ended do nothing. */
  private flight = 0;

  constructor(session: ReadingSession) {
    this.session = session;
  }

  toggle(): void {
    if (this.work.getState().isPlaying) this.pause();
    else this.play();
  }

  /** From the cursor on; from the start where it is at the end. Looking back it flies backwards. */
  play(): void {
    const { session } = this;
    const line = shownLine(session.state);
    if (!line || this.work.getState().isPlaying) return;
    const sampled = sampledOf(line.line);
    const { isBack } = this.work.getState();
    const from = session.state.vessel.view.cursorMm;
    const isAtEnd = isBack ? from <= 0.01 : from >= sampled.lengthMm - 0.01;
    let atMm = isAtEnd ? (isBack ? sampled.lengthMm : 0) : from;
    this.work.setState({ isPlaying: true, atMm });
    this.flight += 1;
    const own = this.flight;
    let lastMs = performance.now();
    let linkedMs = lastMs;
    setCursor(session, atMm);
    let linked = session.state.vessel.view.cursorMm;
    const step = (nowMs: number): void => {
      const { isPlaying, speedMmPerS, isBack: flysBack } = this.work.getState();
      if (!isPlaying || own !== this.flight) return;
      const { vessel } = session.state;
      // Another line, another layout, or a hand on the cursor ends it.
      const isSame =
        session.state.mode === 'cpr' && vessel.view.picture === 'fly' && shownLine(session.state) === line;
      if (!isSame || vessel.view.cursorMm !== linked) {
        this.work.setState({ isPlaying: false, atMm: null });
        return;
      }
      if (nowMs - lastMs < pictureMs) {
        requestAnimationFrame(step);
        return;
      }
      const elapsedS = Math.min(stepMostS, Math.max(0, (nowMs - lastMs) / 1000));
      lastMs = nowMs;
      const next = flyOn(sampled, atMm, flysBack ? -speedMmPerS : speedMmPerS, elapsedS);
      atMm = next.sMm;
      this.work.setState({ atMm });
      if (next.isAtEnd) {
        this.pause();
        return;
      }
      if (nowMs - linkedMs >= linkMs) {
        linkedMs = nowMs;
        setCursor(session, atMm);
        linked = session.state.vessel.view.cursorMm;
      }
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  /** Stays where it is; cursor and crosshair come there. */
  pause(): void {
    const { atMm } = this.work.getState();
    this.work.setState({ isPlaying: false, atMm: null });
    if (atMm !== null) setCursor(this.session, atMm);
  }

  /** Along the line by millimetres, without flying on. */
  step(byMm: number): void {
    this.pause();
    setCursor(this.session, this.session.state.vessel.view.cursorMm + byMm);
  }

  goTo(atMm: number): void {
    this.work.setState({ isPlaying: false, atMm: null });
    setCursor(this.session, atMm);
  }

  /** The next faster (1) or slower (−1) speed. */
  faster(by: 1 | -1): void {
    const { speedMmPerS: now } = this.work.getState();
    const next = by > 0 ? flySpeeds.find((mm) => mm > now) : flySpeeds.findLast((mm) => mm < now);
    if (next !== undefined) this.work.setState({ speedMmPerS: next });
  }

  turnRound(): void {
    this.work.setState({ isBack: !this.work.getState().isBack, yawRad: 0, pitchRad: 0 });
  }

  lookAround(rightRad: number, downRad: number): void {
    const { yawRad, pitchRad } = this.work.getState();
    const pitch = Math.min(pitchMostRad, Math.max(-pitchMostRad, pitchRad + downRad));
    this.work.setState({ yawRad: yawRad + rightRad, pitchRad: pitch });
  }

  lookAhead(): void {
    this.work.setState({ isBack: false, yawRad: 0, pitchRad: 0 });
  }
}

const players = new WeakMap<ReadingSession, FlyPlayer>();

/** The session's one player. */
export function flyPlayer(session: ReadingSession): FlyPlayer {
  const had = players.get(session);
  if (had) return had;
  const made = new FlyPlayer(session);
  players.set(session, made);
  return made;
}
