import { createHash } from 'node:crypto'
import { AutomateError } from '../../core/errors/errors.ts'

/** POSIX calls of SQLite that are redirected to real files. Emscripten handles all other calls. */
export const POSIX_CALLS = [
  'chmod',
  'faccessat',
  'fchmod',
  'fchown32',
  'fcntl64',
  'fd_close',
  'fd_fdstat_get',
  'fd_read',
  'fd_seek',
  'fd_sync',
  'fd_write',
  'fstat64',
  'ftruncate64',
  'lstat64',
  'newfstatat',
  'openat',
  'stat64',
  'unlinkat',
] as const

export type PosixCall = (typeof POSIX_CALLS)[number]

/** Names of the imports in one build of sql.js. The release build shortens them to letters. */
export interface Build {
  readonly version: string
  readonly module: string
  readonly memory: string
  readonly names: Readonly<Record<PosixCall, string>>
}

/**
 * Names taken from sql-wasm.js, by comparison with the debug build of the same file, which has the
 * full names.
 */
const SQL_JS_1_16_0: Build = {
  version: '1.16.0',
  module: 'a',
  memory: 'O',
  names: {
    chmod: 'i',
    faccessat: 'D',
    fchmod: 'j',
    fchown32: 'h',
    fcntl64: 'b',
    fd_close: 'e',
    fd_fdstat_get: 'm',
    fd_read: 't',
    fd_seek: 'E',
    fd_sync: 'K',
    fd_write: 'q',
    fstat64: 'g',
    ftruncate64: 'J',
    lstat64: 'M',
    newfstatat: 'L',
    openat: 'x',
    stat64: 'N',
    unlinkat: 'o',
  },
}

const BUILDS: ReadonlyMap<string, Build> = new Map([
  ['43bbcdd44287e5a2db3b6b5af34b1a3485a7a441285d247976c1ebe3c61f8dbf', SQL_JS_1_16_0],
])

/**
 * Returns the build to which a WebAssembly file belongs.
 * @throws `environment-unfit` if the names of this version of sql.js are unknown.
 */
export function knownBuild(wasm: Uint8Array): Build {
  const sha256 = createHash('sha256').update(wasm).digest('hex')
  const build = BUILDS.get(sha256)
  if (build !== undefined) return build
  throw new AutomateError(
    'environment-unfit',
    `The installed sql.js is not a known version (SHA-256 ${sha256}). Install exactly sql.js ${SQL_JS_1_16_0.version}: run "npm ci".`,
    { facts: { sha256, expected: SQL_JS_1_16_0.version } },
  )
}
