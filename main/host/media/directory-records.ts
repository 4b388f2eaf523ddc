import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Problem, problem } from '../../../core/base/problem.ts';
import type { ParseService } from '../parse-service.ts';

/**
 * What a DICOMDIR refers to but the medium does not hold. The directory is a hint only (lesson L78): everything on
 * the medium is scanned anyway, so this tells a person that the disc is not whole.
 */
export async function missingReferences(
  dicomdir: string,
  shownPath: string,
  parse: Pick<ParseService, 'tags'>,
): Promise<Problem[]> {
  const read = await parse.tags(dicomdir);
  if (!read.ok) return [];
  const root = dirname(dicomdir);
  const listings = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const problems: Problem[] = [];
  for (const row of read.value.rows) {
    if (row.keyword !== 'ReferencedFileID' || row.value === '') continue;
    const parts = row.value.split('\\').map((part) => part.trim());
    const told = join(dirname(shownPath), ...parts.map((part) => part.replaceAll(/[/\0]/g, '_')));
    if (parts.some(isOutside)) problems.push(problem('PATH_REFUSED', undefined, told));
    else if (!(await exists(root, parts, listings))) problems.push(problem('FILE_MISSING', undefined, told));
  }
  return problems;
}

const isOutside = (part: string): boolean =>
  part === '' || part === '..' || part === '.' || /[/\0:]/.test(part);

/** Discs are written with other case, a version (`;1`) or a suffix (`.dcm`) than their directory says. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/;\d+$/, '')
    .replace(/\.(dcm)?$/, '');

async function exists(
  root: string,
  parts: readonly string[],
  listings: Map<string, Promise<ReadonlyMap<string, string>>>,
): Promise<boolean> {
  let folder = root;
  for (const part of parts) {
    let listing = listings.get(folder);
    if (!listing) {
      listing = listFolder(folder);
      listings.set(folder, listing);
    }
    const found = (await listing).get(plain(part));
    if (found === undefined) return false;
    folder = join(folder, found);
  }
  return true;
}

const listFolder = async (folder: string): Promise<ReadonlyMap<string, string>> =>
  new Map((await readdir(folder).catch(() => [])).map((name) => [plain(name), name]));
