import { readFileSync } from 'node:fs'

/** Identifies a program among the processes of a project. */
export interface ProgramId {
  /** Version of the package. */
  readonly version: string
  /** Hash of all files that the package was built from. */
  readonly build: string
  readonly protocol: number
}

/**
 * Raise this number if processes of the version before cannot work with the messages, operations or
 * documents of this one.
 */
const PROTOCOL = 1

/** Exit code of a worker with another build than its scheduler: EX_TEMPFAIL of sysexits.h. */
export const OTHER_BUILD_EXIT = 75

/** Build of a checkout. All of its processes load the same sources. */
export const SOURCE_BUILD = 'source'

declare const AUTOMATE_TUI_BUILD: { readonly version: string; readonly build: string } | undefined

/**
 * Program that this process has loaded. `scripts/build.ts` writes its version and build into the
 * code, because the files on the disk may be those of another version when they are read.
 */
export const PROGRAM: ProgramId = {
  ...(typeof AUTOMATE_TUI_BUILD === 'undefined'
    ? { version: sourceVersion(), build: SOURCE_BUILD }
    : AUTOMATE_TUI_BUILD),
  protocol: PROTOCOL,
}

function sourceVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown'
}
