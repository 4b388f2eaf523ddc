/** CPU time and memory of the processes that a bench started, from /proc (Linux). */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Of the process itself, user and system. */
  readonly cpuMs: number;
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const tickMs = 10;

function readProcess(pid: number): ProcessInfo | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; fields count from after it (proc(5): parent is the 4th, utime the 14th).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs };
  } catch {
    return null;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** A process and everything that descends from it. */
export function family(root: number): number[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  );
  const parents = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number): boolean => {
    for (let at = parents.get(pid); at; at = parents.get(at)) if (at === root) return true;
    return false;
  };
  return all.map(({ pid }) => pid).filter((pid) => pid === root || isOurs(pid));
}

/** Renderer processes of a Chromium that this process started. */
export const pageProcesses = (root = process.pid): number[] =>
  family(root).filter((pid) => commandLine(pid).includes('--type=renderer'));

export const cpuMsOf = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (readProcess(pid)?.cpuMs ?? 0), 0);

/** Proportional set size: shared pages are counted once over all who share them. */
export function pssBytesOf(pids: readonly number[]): number {
  let kib = 0;
  for (const pid of pids) {
    try {
      kib += Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
    } catch {
      // It has ended.
    }
  }
  return kib * 1024;
}

/** The peak of the pages' memory from now until `stop`, or of the processes that `which` finds. */
export function watchPageMemory(
  everyMs = 40,
  which: () => number[] = () => pageProcesses(),
): { stop(): number } {
  let peak = 0;
  let pids = which();
  let count = 0;
  const look = (): void => {
    if (count++ % 10 === 0) pids = which();
    peak = Math.max(peak, pssBytesOf(pids));
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    stop() {
      look();
      clearInterval(timer);
      return peak;
    },
  };
}
