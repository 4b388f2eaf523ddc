import { type Problem, problem } from '../../../core/base/problem.ts';

/** What the operating system's refusal means to a person. */
export function fileProblem(error: unknown, path?: string): Problem {
  const { code = '', syscall, path: asked } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (syscall === 'mkdir' && ['ENOENT', 'ENOTDIR', 'EEXIST'].includes(code)) {
    return problem('FOLDER_IMPOSSIBLE', undefined, path ?? asked);
  }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return problem('FILE_MISSING', undefined, path);
    case 'ENODEV':
    case 'ENXIO':
    case 'ENOTCONN':
      return problem('MEDIA_REMOVED', undefined, path);
    case 'ELOOP':
      return problem('NOT_REGULAR_FILE', undefined, path);
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return problem('DISK_FULL', undefined, path);
    case 'EMFILE':
    case 'ENFILE':
      return problem('TOO_MANY_OPEN_FILES', undefined, path);
    case 'EACCES':
    case 'EPERM':
      return problem('FORBIDDEN', undefined, path);
    case 'EROFS':
      return problem('READ_ONLY_STORE', undefined, path);
    default:
      return problem('IO_ERROR', { reason: code || String(error).slice(0, 100) }, path);
  }
}
