/** The browser shell's port, remembered beside the data: a new port is a new origin for the browser. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const fileName = 'browser-shell.json';
const schema = v.object({ port: v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(65535)) });

/** The port of the last start; null when there is none or the file is damaged. */
export async function recallPort(dataFolder: string): Promise<number | null> {
  try {
    return v.parse(schema, JSON.parse(await readFile(join(dataFolder, fileName), 'utf8'))).port;
  } catch {
    return null;
  }
}

export async function rememberPort(dataFolder: string, port: number): Promise<void> {
  await writeFile(join(dataFolder, fileName), `${JSON.stringify({ port })}\n`, { mode: 0o600 });
}
