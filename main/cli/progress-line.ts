/** How often a log gets a line of progress, where nothing can be written over. */
const lineEveryMs = 5000;

/**
 * Progress of long work on stderr: in a terminal one line that is written over, in a log a line every few seconds.
 * Null ends it, so that what follows starts on an empty line.
 */
export function progressLine(
  isTerminal: boolean,
  write: (text: string) => void,
  now: () => number = () => performance.now(),
): (text: string | null) => void {
  let shown = '';
  let toldAtMs = now();
  return (text) => {
    if (text === shown) return;
    if (isTerminal) {
      if (text !== null || shown !== '') write(`\r\x1b[K${text ?? ''}`);
      shown = text ?? '';
    } else if (text !== null && now() - toldAtMs >= lineEveryMs) {
      toldAtMs = now();
      write(`${text}\n`);
    }
  };
}
