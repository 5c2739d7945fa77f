import { globSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { requireBrowser } from '../../../lib/execution/browser/find/find-browser.ts'

/** Path of the libfaketime build for multithreaded programs. .ci/run installs it. */
const [LIBRARY] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')

/** Reason to skip tests that start a program with a faked time; false if they can run. */
export const noFakedTime = LIBRARY === undefined && 'libfaketime is not installed (.ci/run installs it)'

const EXECUTABLE = 0o755

/**
 * Wall clock that a test sets for the program and all its child processes except browsers. A script
 * removes the library for Chrome, because Chrome runs in an endless loop under libfaketime.
 * Monotonic clocks and file times are unchanged.
 */
export class FakedTime {
  /** Environment variables that make the program use this clock. */
  readonly env: Readonly<Record<string, string>>
  private readonly file: string
  private offsetMs = 0

  constructor(folder: string) {
    this.file = join(folder, 'clock-offset')
    // The script is named like the browser, because the program starts a headless shell with other
    // arguments than Chrome.
    const browser = join(folder, `${basename(requireBrowser().path)}.sh`)
    writeFileSync(browser, `#!/bin/sh\nunset LD_PRELOAD\nexec '${requireBrowser().path}' "$@"\n`, {
      mode: EXECUTABLE,
    })
    this.env = {
      AUTOMATE_BROWSER: browser,
      LD_PRELOAD: LIBRARY ?? '',
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // Shared memory is disabled, because a killed process would never release its lock.
      FAKETIME_DISABLE_SHM: '1',
      NO_FAKE_STAT: '1',
    }
    this.jump(0)
  }

  /** Returns the time that the program sees, in epoch ms. */
  now(): number {
    return Date.now() + this.offsetMs
  }

  /** Moves the clock by `seconds`, backwards if negative. */
  jump(seconds: number): void {
    this.offsetMs += seconds * 1_000
    const offset = this.offsetMs / 1_000
    // The file is replaced in one step, because a half-written file would be read as no offset.
    writeFileSync(`${this.file}.new`, `${offset < 0 ? '' : '+'}${offset}\n`)
    renameSync(`${this.file}.new`, this.file)
  }
}
