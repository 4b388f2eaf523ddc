/** The repository as the tidy tests see it: every source file with its text, read once. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/**
 * Files that are, or could be, committed: tracked ones and new ones that git does not ignore.
 * Paths are relative, with forward slashes.
 */
export const files: readonly string[] = listFiles();

export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
export const sizeBytesOf = (path: string): number => statSync(join(root, path)).size;

const codeName = /\.(ts|tsx|mjs|cjs|js)$/;
/** Generated files say so in their first lines, with the script that makes them. */
export const isGenerated = (path: string): boolean =>
  /generated (by|from) /i.test(textOf(path).slice(0, 400));

/** Code without its comments, line for line: comments may hold examples and any word. */
export function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replace(/[^\n]/g, '');
  return text.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/(^|\s)\/\/.*$/gm, '$1');
}

export const codeFiles: readonly string[] = files.filter((path) => codeName.test(path));
/** Tests, and what only tests load. */
export const isTestCode = (path: string): boolean =>
  /^tests\/|\.(test|spec)\.tsx?$|\/harness\.ts$/.test(path);
/** Code of the product: no tests. */
export const productFiles: readonly string[] = codeFiles.filter((path) => !isTestCode(path));

function listFiles(): string[] {
  const arguments_ = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const output = execFileSync('git', arguments_, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.split('\0').filter((path) => path && existsSync(join(root, path)));
}
