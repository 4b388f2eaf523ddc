import { readFile, stat } from 'node:fs/promises';
import { samplePoints } from '../../core/analysis/curve/sample-line.ts';
import type { SampledLine } from '../../core/analysis/types.ts';
import { problem } from '../../core/base/problem.ts';
import { type PatientPoint, patientPoint, patientVector } from '../../core/geometry/types.ts';
import { JsonReader, parsedJson } from '../../core/scene/json-reader.ts';
import { fileProblem } from '../host/media/file-problem.ts';
import { CommandFailure, exitCodes } from './command.ts';

/** Far more than a line of the most points takes. */
const mostBytes = 16 * 2 ** 20;
const mostPoints = 100_000;

/** The points of a line's JSON: a list of [x, y, z] in LPS mm, or an object with it as `points`, whatever else it has. */
function pointsOf(reader: JsonReader, json: unknown): readonly PatientPoint[] {
  const isList = Array.isArray(json);
  const list: unknown = isList ? json : (json as { readonly points?: unknown } | null | undefined)?.points;
  return reader.list(list, isList ? '.' : 'points', [0, mostPoints], (item, at) =>
    patientPoint(...reader.vector(item, at)),
  );
}

/**
 * The line in a file, with stations `stepMm` apart. A file that cannot be read fails the command, one that
 * holds no line is wrong usage.
 */
export async function readLine(path: string, stepMm: number): Promise<SampledLine> {
  let text: string;
  try {
    if ((await stat(path)).size > mostBytes)
      throw new CommandFailure(problem('FILE_TOO_LARGE', { limit: '16 MiB' }, path));
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure({ ...fileProblem(error), path });
  }
  const reader = new JsonReader();
  const json = parsedJson(text);
  const points = pointsOf(reader, json);
  if (reader.fault !== undefined)
    throw new CommandFailure(
      problem('LINE_FILE_INVALID', { where: reader.fault }, path),
      exitCodes.wrongUsage,
    );
  // A dental arch stands upright: nothing turns along it.
  const isArch = (json as { readonly kind?: unknown } | null | undefined)?.kind === 'dental';
  const line = samplePoints(points, stepMm, isArch ? { upright: patientVector(0, 0, -1) } : {});
  if (line.count < 2) throw new CommandFailure(problem('LINE_TOO_SHORT', {}, path), exitCodes.wrongUsage);
  return line;
}
