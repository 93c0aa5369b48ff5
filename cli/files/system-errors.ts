import { DistillError } from 'wasm-distill';

/** What was tried with a file or folder. */
type Attempt = 'read' | 'written' | 'removed';

const ELSEWHERE = 'give another --out';
const PERMISSION = 'permission denied';

/** What a system error means, and what to do about it where the attempt alone doesn't say that. */
const MEANINGS: Readonly<Record<string, readonly [reason: string, remedy?: string]>> = {
  EACCES: [PERMISSION],
  EPERM: [PERMISSION],
  EROFS: ['the file system is read-only', ELSEWHERE],
  ENOSPC: ['the disk is full', `make room there, or ${ELSEWHERE}`],
  EDQUOT: ['the quota is used up', `make room there, or ${ELSEWHERE}`],
  EFBIG: ['it is larger than the system allows', `raise the limit (ulimit -f), or ${ELSEWHERE}`],
  ENOTDIR: ['part of the path is a file', 'check the path'],
  EEXIST: ['there is a file of that name', ELSEWHERE],
  EISDIR: ['it is a folder', 'give the path of a file'],
  ENOENT: ['a folder of the path is missing', 'check the path'],
  ENAMETOOLONG: ['the name is too long', 'give a shorter one'],
  ELOOP: ['its symbolic links lead in a circle', 'mend the links, or give another path'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  ENFILE: ['too many files are open on this machine', 'close other programs'],
  EPIPE: ['its reader is gone', ELSEWHERE],
  ENXIO: ['nothing is at its other end', ELSEWHERE],
  EBUSY: ['it is in use', 'try again later'],
  EIO: ['the device reports an error', 'check the disk'],
  ERR_FS_EISDIR: ['there is a folder of that name with .tmp at the end', 'remove it'],
  ERR_FS_FILE_TOO_LARGE: ['it is larger than 2 GiB', 'give a smaller file'],
};

const REMEDIES: Readonly<Record<Attempt, string>> = {
  read: 'make it readable, or check the path',
  written: `make it writable, or ${ELSEWHERE}`,
  removed: 'remove it by hand',
};

/** A system's error in one sentence, with the path. Errors that are sentences already stay as they are. */
export function systemError(path: string, attempt: Attempt, error: unknown): DistillError {
  if (error instanceof DistillError) return error;
  const [reason, remedy = REMEDIES[attempt]] = MEANINGS[codeOf(error) ?? ''] ?? [wordsOf(error)];
  return new DistillError('missing', `${path} can't be ${attempt} (${reason}): ${remedy}`, { cause: error });
}

/** A code such as 'ENOENT', if the system gave one. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Why writing failed, as words in parentheses. */
export function reasonOf(error: unknown): string {
  return MEANINGS[codeOf(error) ?? '']?.[0] ?? wordsOf(error);
}

/** "EXDEV: cross-device link not permitted, rename 'a' -> 'b'" says the rest of it elsewhere. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+),/.exec(text)?.[1] ?? text;
}
