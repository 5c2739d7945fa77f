import { AutomateError } from '../../core/errors/errors.ts'
import { loadKoffi } from '../windows/koffi.ts'
import { LOCKED_FROM, LOCKED_LENGTH } from './range-lock.ts'
import type { RangeLock } from './range-lock.ts'

const GENERIC_READ_WRITE = 0xc0000000
/** Share mode for reading, writing and deleting, which Node's own handles use. */
const SHARE_ALL = 7
const OPEN_EXISTING = 3
const FILE_ATTRIBUTE_NORMAL = 0x80
const LOCKFILE_EXCLUSIVE_AND_FAIL_IMMEDIATELY = 3
const ERROR_SHARING_VIOLATION = 32
const ERROR_LOCK_VIOLATION = 33
const ERROR_IO_PENDING = 997

/** `OVERLAPPED` of 64-bit Windows: two words, then the offset at 16, then an event handle. */
const OVERLAPPED_BYTES = 32
const OVERLAPPED_OFFSET_AT = 16

/**
 * Returns the function that takes byte-range locks on Windows; undefined on other processors than
 * x64 and arm64.
 */
export function windowsRangeLock(): RangeLock | undefined {
  if (process.arch !== 'x64' && process.arch !== 'arm64') return undefined
  const koffi = loadKoffi()
  const kernel32 = koffi.load('kernel32.dll')
  const createFile = kernel32.func(
    'intptr_t __stdcall CreateFileW(str16 name, uint32_t access, uint32_t share, void *security, uint32_t disposition, uint32_t flags, intptr_t template)',
  )
  const lockFileEx = kernel32.func(
    'int __stdcall LockFileEx(intptr_t file, uint32_t flags, uint32_t reserved, uint32_t low, uint32_t high, void *overlapped)',
  )
  const closeHandle = kernel32.func('int __stdcall CloseHandle(intptr_t file)')
  const lastError = kernel32.func('uint32_t __stdcall GetLastError()')

  const throwUnlessHeldElsewhere = (path: string, call: string) => {
    const error = Number(lastError())
    if ([ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION, ERROR_IO_PENDING].includes(error)) return
    throw new AutomateError(
      'environment-unfit',
      `${call} on ${path} failed with Windows error ${error}. Check that the file can be written and is on a local disk.`,
      { facts: { path, call, error } },
    )
  }

  return path => {
    const file: unknown = createFile(
      path,
      GENERIC_READ_WRITE,
      SHARE_ALL,
      null,
      OPEN_EXISTING,
      FILE_ATTRIBUTE_NORMAL,
      0,
    )
    if (Number(file) === -1) {
      throwUnlessHeldElsewhere(path, 'CreateFileW')
      return undefined
    }
    const overlapped = Buffer.alloc(OVERLAPPED_BYTES)
    overlapped.writeUInt32LE(LOCKED_FROM, OVERLAPPED_OFFSET_AT)
    const taken: unknown = lockFileEx(
      file,
      LOCKFILE_EXCLUSIVE_AND_FAIL_IMMEDIATELY,
      0,
      LOCKED_LENGTH,
      0,
      overlapped,
    )
    if (Number(taken) !== 0) {
      return {
        release: () => {
          closeHandle(file)
        },
      }
    }
    try {
      throwUnlessHeldElsewhere(path, 'LockFileEx')
      return undefined
    } finally {
      closeHandle(file)
    }
  }
}
