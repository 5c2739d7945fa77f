import { systemCode } from './errors.ts'

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space on it',
  EDQUOT: 'Your disk quota is used up: free some space',
  EFBIG:
    'The file has reached the maximum size of the system: raise the limit (ulimit -f), or use another disk',
  EROFS: 'The disk is read-only: mount it writable, or use a project in another folder',
  EACCES: 'Give your user the right to read and write there, or use a project in another folder',
  EPERM: 'Give your user the right to read and write there, or use a project in another folder',
  EISDIR: 'A folder is in the place of a file: move the folder away',
  ENOTDIR: 'A file is in the place of a folder: move the file away',
  EEXIST: 'A file is in the place of a folder: move the file away',
  EMFILE: 'This process cannot open more files: raise the limit of open files',
  ENFILE: 'The system cannot open more files: end other programs',
  ENOMEM: 'The memory is used up: end other programs',
  EAGAIN: 'The system cannot start more processes: end other programs, or raise the limit (ulimit -u)',
  ERR_WORKER_INIT_FAILED:
    'The system cannot start more threads: end other programs, or raise the limit of processes (ulimit -u)',
  EIO: 'The disk has failed: check it',
}

/**
 * Returns the remedy for a system error, without a full stop; undefined for an error without a
 * known remedy.
 */
export function systemRemedy(error: unknown): string | undefined {
  if (isMissingNode(error)) return 'Node.js was removed: install it again'
  return REMEDIES[systemCode(error) ?? '']
}

/**
 * True if the executable of Node.js is missing, for example because an upgrade has removed it while
 * the program runs.
 */
function isMissingNode(error: unknown): boolean {
  return (
    systemCode(error) === 'ENOENT' &&
    error instanceof Error &&
    'path' in error &&
    error.path === process.execPath
  )
}
