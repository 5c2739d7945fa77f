import { readFileSync } from 'node:fs'

/**
 * Identity of the program that a process runs, for comparison between the processes of a project.
 */
export interface ProgramId {
  /** Version of the package. */
  readonly version: string
  /** Hash of all files that the package was built from. */
  readonly build: string
  readonly protocol: number
}

/**
 * Version of the protocol between processes. Raise this number if processes of the previous version
 * cannot work with the messages, operations or documents of this version.
 */
const PROTOCOL = 1

/** Exit code of a worker whose build differs from its scheduler's: EX_TEMPFAIL of sysexits.h. */
export const OTHER_BUILD_EXIT = 75

/** Value of `build` for a source checkout, in which all processes load the same sources. */
export const SOURCE_BUILD = 'source'

declare const AUTOMATE_TUI_BUILD: { readonly version: string; readonly build: string } | undefined

/**
 * Identity of the program that this process has loaded. `scripts/build.ts` writes the version and
 * the build into the code. Files on the disk could not be used, because another version may have
 * replaced them by the time they are read.
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
