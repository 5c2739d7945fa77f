import { closeSync, constants, openSync } from 'node:fs'
import { constants as os } from 'node:os'
import { AutomateError } from '../../core/errors/errors.ts'
import { loadKoffi } from '../windows/koffi.ts'
import { LOCKED_FROM, LOCKED_LENGTH } from './range-lock.ts'
import type { RangeLock } from './range-lock.ts'

/**
 * Constants and layout of `fcntl` locks, which differ between systems. Sizes and offsets are for
 * 64-bit machines.
 */
interface Layout {
  /**
   * F_OFD_SETLK. The lock belongs to the open file description, so closing another descriptor of
   * the same file does not release it.
   */
  readonly command: number
  /**
   * Encodes a `struct flock` of this type for the range. Its pid is 0, as open file description
   * locks require.
   */
  encode(type: number): Buffer
  readonly writeLock: number
}

const LINUX: Layout = {
  command: 37,
  writeLock: 1,
  encode: type => {
    const flock = Buffer.alloc(32)
    flock.writeInt16LE(type, 0)
    flock.writeBigInt64LE(BigInt(LOCKED_FROM), 8)
    flock.writeBigInt64LE(BigInt(LOCKED_LENGTH), 16)
    return flock
  },
}

const MACOS: Layout = {
  command: 90,
  writeLock: 3,
  encode: type => {
    const flock = Buffer.alloc(24)
    flock.writeBigInt64LE(BigInt(LOCKED_FROM), 0)
    flock.writeBigInt64LE(BigInt(LOCKED_LENGTH), 8)
    flock.writeInt16LE(type, 20)
    return flock
  },
}

const MACHINES = ['x64', 'arm64', 'riscv64', 'loong64']

/**
 * Returns the function that takes open file description locks on Linux and macOS; undefined on
 * other systems and processors.
 */
export function posixRangeLock(): RangeLock | undefined {
  const layout = process.platform === 'linux' ? LINUX : process.platform === 'darwin' ? MACOS : undefined
  if (layout === undefined || !MACHINES.includes(process.arch)) return undefined
  const koffi = loadKoffi()
  const fcntl = koffi.load(null).func('int fcntl(int fd, int command, ...)')
  return path => {
    const fd = openSync(path, constants.O_RDWR)
    if (Number(fcntl(fd, layout.command, 'void *', layout.encode(layout.writeLock))) === 0) {
      return { release: () => closeSync(fd) }
    }
    const errno = koffi.errno()
    closeSync(fd)
    if (errno === os.errno.EAGAIN || errno === os.errno.EACCES) return undefined
    throw new AutomateError(
      'environment-unfit',
      `The file system of ${path} cannot lock files (errno ${errno}). Move the project to a local disk.`,
      { facts: { path, errno } },
    )
  }
}
