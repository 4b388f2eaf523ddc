// A command is a chain of processes, each waiting for the next. Ctrl+C reaches all of them, since a terminal signals the
// whole group; `kill`, a service manager or a script reaches the first alone, so it has to be handed on.

import { spawn } from 'node:child_process';

/** Signals of one cause come within this; only the first is handed on, as a second one ends a program at once. */
const sameCauseMs = 1000;
/** So long others are waited for before one is handed on; and so long after, a child that lives on is asked once more. */
const gatherMs = 100;
const lastAskMs = 5000;
const watchMs = 500;

/**
 * Runs a program in this terminal until it ends; SIGINT, SIGTERM and SIGHUP end it too, and in its own time, and so does
 * the end of the npm that started it: npm's shell keeps signals to itself.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<number>} its exit code; where a signal ended it, 130 if it was asked to end, else 1
 */
export function runChild(program, args, environment = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: environment });
    let handedOnMs = Number.NEGATIVE_INFINITY;
    let isAsked = false;
    /** @type {Set<string>} */
    const seen = new Set();
    const handOn = (signal) => {
      isAsked = true;
      // Windows tells every process of a console itself, and knows only a `kill` that ends a program on the spot.
      if (process.platform === 'win32') return;
      const sinceMs = performance.now() - handedOnMs;
      if (sinceMs < gatherMs) seen.add(signal);
      if (sinceMs < sameCauseMs) return;
      handedOnMs = performance.now();
      seen.clear();
      seen.add(signal);
      setTimeout(() => {
        // Two kinds: the group's own and what its first process hands on, in no certain order. The child has the group's.
        if (seen.size > 1) setTimeout(() => child.kill('SIGTERM'), lastAskMs).unref();
        // The other one of the two: the group's own signal may be there already, and the same twice means "at once".
        else child.kill(signal === 'SIGINT' ? 'SIGTERM' : 'SIGINT');
      }, gatherMs);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, handOn);
    if (process.env.npm_lifecycle_event) whenAbandoned(() => handOn('SIGHUP'));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? (isAsked ? 130 : 1)));
  });
}

/** @param {() => void} end */
function whenAbandoned(end) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, watchMs);
  watch.unref();
}
