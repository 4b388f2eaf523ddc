/** Switches that would undo the sandbox or open the process: a release refuses to start with them (D7). */

const unsafe = [
  /^--no-sandbox$/,
  /^--disable-web-security$/,
  /^--js-flags\b/,
  /^--remote-debugging-/,
  /^--remote-allow-origins\b/,
  /^--inspect/,
  /^--disable-site-isolation/,
  /^--allow-file-access/,
];

/** The first unsafe switch of a command line, without its value; null when there is none. */
export function findUnsafeFlag(args: readonly string[]): string | null {
  for (const argument of args) {
    if (unsafe.some((pattern) => pattern.test(argument))) return argument.split('=')[0] ?? argument;
  }
  return null;
}
