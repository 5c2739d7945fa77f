import { loadKoffi } from './koffi.ts'

/**
 * Access right to read the times and the exit code of a process. Windows grants it for processes of
 * the same user.
 */
const PROCESS_QUERY_LIMITED_INFORMATION = 0x1000

/** Result of GetExitCodeProcess for a process that has not ended. */
const STILL_ACTIVE = 259

const FILETIME_BYTES = 8

interface Kernel32 {
  openProcess(access: number, pid: number): unknown
  processTimes(handle: unknown, start: Buffer, exit: Buffer, kernel: Buffer, user: Buffer): boolean
  exitCode(handle: unknown, code: Buffer): boolean
  closeHandle(handle: unknown): void
}

let kernel32: Kernel32 | undefined

/**
 * Returns the start time of the living process `pid`, in units of 100 ns since 1601; `undefined` if
 * there is no such process. Windows only.
 */
export function readWindowsStart(pid: number): string | undefined {
  kernel32 ??= loadKernel32()
  const handle = kernel32.openProcess(PROCESS_QUERY_LIMITED_INFORMATION, pid)
  if (handle === null) return undefined
  try {
    const code = Buffer.alloc(4)
    if (!kernel32.exitCode(handle, code) || code.readUInt32LE() !== STILL_ACTIVE) return undefined
    const start = Buffer.alloc(FILETIME_BYTES)
    const rest = [1, 2, 3].map(() => Buffer.alloc(FILETIME_BYTES))
    const [exit = start, kernel = start, user = start] = rest
    return kernel32.processTimes(handle, start, exit, kernel, user)
      ? start.readBigUInt64LE().toString()
      : undefined
  } finally {
    kernel32.closeHandle(handle)
  }
}

function loadKernel32(): Kernel32 {
  const library = loadKoffi().load('kernel32.dll')
  const openProcess = library.func('void *__stdcall OpenProcess(uint32_t, int, uint32_t)')
  const times = library.func(
    'int __stdcall GetProcessTimes(void *, uint8_t *, uint8_t *, uint8_t *, uint8_t *)',
  )
  const exitCode = library.func('int __stdcall GetExitCodeProcess(void *, uint8_t *)')
  const closeHandle = library.func('int __stdcall CloseHandle(void *)')
  return {
    openProcess: (access, pid): unknown => openProcess(access, 0, pid),
    processTimes: (handle, ...buffers) => times(handle, ...buffers) !== 0,
    exitCode: (handle, code) => exitCode(handle, code) !== 0,
    closeHandle: handle => void closeHandle(handle),
  }
}
