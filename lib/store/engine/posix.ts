import { existsSync, statSync } from 'node:fs'
import { AutomateError } from '../../core/errors/errors.ts'
import { POSIX_CALLS } from './builds.ts'
import type { Build, PosixCall } from './builds.ts'
import { ERRNO, errnoOf } from './errno.ts'
import type { GuestMemory } from './guest-memory.ts'
import type { RealFiles } from './real-files.ts'

/** Handles a call, or returns undefined if its file is not in `RealFiles`. */
type Handler = (a: number, b: number, c: number, d: number) => number | undefined

/** Emscripten's values, which are the same as on Linux. */
const O_ACCMODE = 3
const O_CREAT = 0o100
const F_GETLK = 12
const F_UNLCK = 2
const AT_EMPTY_PATH = 0x1000
const REGULAR_FILE = 4

/**
 * Replaces the calls in `imports` by functions that work on real files, and that pass calls for any
 * other file on. `build` gives the names of the calls. A system call returns a negative error
 * number, a WASI call (`fd_…`) a positive one.
 */
export function answerOnRealFiles(
  imports: WebAssembly.Imports,
  build: Build,
  files: RealFiles,
  memory: () => GuestMemory,
): WebAssembly.Imports {
  const module = { ...imports[build.module] }
  const answers = handlers(files, memory)
  for (const call of POSIX_CALLS) {
    const name = build.names[call]
    const handle = answers[call]
    const original = module[name]
    if (original === undefined) throw new AutomateError('bug', `sql.js imports no ${call} as "${name}".`)
    module[name] = (a = 0, b = 0, c = 0, d = 0, ...rest) =>
      handle(Number(a), Number(b), Number(c), Number(d)) ?? original(a, b, c, d, ...rest)
  }
  return { ...imports, [build.module]: module }
}

function handlers(files: RealFiles, memory: () => GuestMemory): Record<PosixCall, Handler> {
  const call =
    (sign: 1 | -1, act: () => number): (() => number) =>
    () => {
      try {
        return act()
      } catch (thrown) {
        return sign * errnoOf(thrown)
      }
    }
  const onPath = (at: number, act: (path: string) => number) => {
    const path = files.resolve(memory().text(at))
    return path === undefined ? undefined : call(-1, () => act(path))()
  }
  const onFile = (sign: 1 | -1, fd: number, act: () => number) =>
    files.owns(fd) ? call(sign, act)() : undefined
  const statPath = (at: number, into: number) =>
    onPath(at, path => {
      memory().setStat(into, statSync(path, { bigint: true }))
      return 0
    })
  const vectors = (at: number, count: number, act: (bytes: Uint8Array) => number): number => {
    let total = 0
    for (let index = 0; index < count; index += 1) {
      const start = memory().u32(at + index * 8)
      const length = memory().u32(at + index * 8 + 4)
      const done = act(memory().bytes(start, length))
      total += done
      if (done < length) break
    }
    return total
  }

  return {
    chmod: at => onPath(at, () => 0),
    fchmod: fd => onFile(-1, fd, () => 0),
    fchown32: fd => onFile(-1, fd, () => 0),
    faccessat: (_folder, at) => onPath(at, path => (existsSync(path) ? 0 : -ERRNO.ENOENT)),
    stat64: (at, into) => statPath(at, into),
    lstat64: (at, into) => statPath(at, into),
    newfstatat: (folder, at, into, flags) =>
      (flags & AT_EMPTY_PATH) !== 0 && files.owns(folder) ? -ERRNO.EINVAL : statPath(at, into),
    openat: (_folder, at, flags) =>
      onPath(at, path => files.openFile(path, (flags & O_ACCMODE) !== 0, (flags & O_CREAT) !== 0)),
    unlinkat: (_folder, at) =>
      onPath(at, path => {
        files.unlink(path)
        return 0
      }),
    // Another module locks the file (lib/platform/locks/file-lock.ts), so SQLite sees every lock as
    // free.
    fcntl64: (fd, command, varargs) =>
      onFile(-1, fd, () => {
        if (command === F_GETLK) memory().setU16(memory().u32(varargs), F_UNLCK)
        return 0
      }),
    fstat64: (fd, into) =>
      onFile(-1, fd, () => {
        memory().setStat(into, files.stat(fd))
        return 0
      }),
    ftruncate64: (fd, size) =>
      onFile(-1, fd, () => {
        files.truncate(fd, size)
        return 0
      }),
    fd_close: fd =>
      onFile(1, fd, () => {
        files.close(fd)
        return 0
      }),
    fd_fdstat_get: (fd, into) =>
      onFile(1, fd, () => {
        memory().bytes(into, 24).fill(0)
        memory().setU8(into, REGULAR_FILE)
        return 0
      }),
    fd_read: (fd, at, count, into) =>
      onFile(1, fd, () => {
        memory().setU32(
          into,
          vectors(at, count, bytes => files.read(fd, bytes)),
        )
        return 0
      }),
    fd_write: (fd, at, count, into) =>
      onFile(1, fd, () => {
        memory().setU32(
          into,
          vectors(at, count, bytes => files.write(fd, bytes)),
        )
        return 0
      }),
    fd_seek: (fd, offset, whence, into) =>
      onFile(1, fd, () => {
        memory().setU64(into, BigInt(files.seek(fd, offset, whence)))
        return 0
      }),
    fd_sync: fd =>
      onFile(1, fd, () => {
        files.sync(fd)
        return 0
      }),
  }
}
