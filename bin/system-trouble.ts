import { messageOf, systemCode } from '../lib/core/errors.ts'

/** What the system says when it is the machine that cannot, and not the program that is wrong; with what to do. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space on it',
  EDQUOT: 'Your share of the disk is used up: free some space',
  EROFS: 'The disk is read-only: mount it writable, or use a project in another folder',
  EACCES: 'Give your user the right to read and write there, or use a project in another folder',
  EPERM: 'Give your user the right to read and write there, or use a project in another folder',
  EISDIR: 'A folder stands where a file belongs: move it away',
  ENOTDIR: 'A file stands where a folder belongs: move it away',
  EEXIST: 'A file stands where a folder belongs: move it away',
  EMFILE: 'This process may not open more files: raise the limit of open files',
  ENFILE: 'The system cannot open more files: end other programs',
  ENOMEM: 'There is no memory left: end other programs',
  EAGAIN: 'The system starts no more processes: end other programs, or raise the limit (ulimit -u)',
  ERR_WORKER_INIT_FAILED:
    'The system starts no more threads: end other programs, or raise the limit of processes (ulimit -u)',
  EIO: 'The disk does not work: check it',
}

/** An error of the system → what happened and what to do; undefined for anything else. */
export function systemTrouble(error: unknown): string | undefined {
  const remedy = REMEDIES[systemCode(error) ?? '']
  return remedy === undefined ? undefined : `${messageOf(error)}. ${remedy}, and try again.`
}
