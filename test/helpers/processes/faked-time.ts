import { globSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { requireBrowser } from '../../../lib/execution/browser/find/find-browser.ts'

/** Build of libfaketime for programs with threads. .ci/run installs it. */
const [LIBRARY] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')

/** Reason to skip tests that start a program with another time; false if they can run. */
export const noFakedTime = LIBRARY === undefined && 'libfaketime is not installed (.ci/run installs it)'

const EXECUTABLE = 0o755

/**
 * Wall clock that a test sets for the program and all its child processes except browsers. Chrome
 * spins under libfaketime, so a script removes the library for Chrome. Monotonic clocks and file
 * times are unchanged.
 */
export class FakedTime {
  /** Environment that starts the program with this clock. */
  readonly env: Readonly<Record<string, string>>
  private readonly file: string
  private offsetMs = 0

  constructor(folder: string) {
    this.file = join(folder, 'clock-offset')
    // The script has the browser's name, because the program starts a headless shell with other
    // arguments.
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
      // A killed process never releases the lock of the memory that processes under libfaketime
      // share.
      FAKETIME_DISABLE_SHM: '1',
      NO_FAKE_STAT: '1',
    }
    this.jump(0)
  }

  /** Returns the time that the program sees, in epoch ms. */
  now(): number {
    return Date.now() + this.offsetMs
  }

  /** Moves the clock by `seconds`, back if negative. */
  jump(seconds: number): void {
    this.offsetMs += seconds * 1_000
    const offset = this.offsetMs / 1_000
    // A half-written file would be read as no offset, so the new file replaces the old one in one
    // step.
    writeFileSync(`${this.file}.new`, `${offset < 0 ? '' : '+'}${offset}\n`)
    renameSync(`${this.file}.new`, this.file)
  }
}
