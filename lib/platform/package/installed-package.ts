import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PROGRAM, SOURCE_BUILD } from '../../core/process/program.ts'

/** Content of `dist/build.json`, which `scripts/build.ts` writes. */
const Manifest = z.object({
  version: z.string(),
  build: z.string(),
  /** Size in bytes of each file of the program, by its path relative to the package. */
  files: z.record(z.string(), z.int().nonnegative()),
})

/** Program in a complete package at the path from which this process was started. */
export interface InstalledProgram {
  readonly version: string
  readonly build: string
}

/**
 * The package on the disk from which this process was started. A package manager may replace it at
 * any time. It removes the old files before it writes the new ones, so the package can be
 * incomplete for a while.
 */
export class InstalledPackage {
  readonly folder: string
  private readonly own: string
  /** Signature of the manifest as last read from the disk, see `signatureOf`. */
  private seen = ''
  private found: InstalledProgram | null = null

  /** `folder` is the folder of the package, and `own` is the build that this process has loaded. */
  constructor(folder = fileURLToPath(new URL('../../../../', import.meta.url)), own = PROGRAM.build) {
    this.folder = folder
    this.own = own
  }

  /**
   * True if the files on the disk are still those that this process has loaded. If so, the check
   * costs one system call.
   */
  get isOwn(): boolean {
    return this.own === SOURCE_BUILD || this.installed()?.build === this.own
  }

  /**
   * Another complete program at the same path; null if the package is still the one that this
   * process has loaded, or is incomplete.
   */
  get replacement(): InstalledProgram | null {
    if (this.own === SOURCE_BUILD) return null
    const installed = this.installed()
    return installed === null || installed.build === this.own ? null : installed
  }

  private installed(): InstalledProgram | null {
    const file = join(this.folder, 'dist', 'build.json')
    const seen = signatureOf(file)
    // If no complete package was found before, the package may be complete by now, so it is read
    // again.
    if (seen === this.seen && this.found !== null) return this.found
    this.found = seen === '' ? null : this.read(file)
    this.seen = seen
    return this.found
  }

  private read(file: string): InstalledProgram | null {
    try {
      const { version, build, files } = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')))
      const isWhole = Object.entries(files).every(
        ([path, bytes]) => statSync(join(this.folder, path)).size === bytes,
      )
      return isWhole ? { version, build } : null
    } catch {
      return null
    }
  }
}

/**
 * Returns a text that changes whenever the file is written; empty if the file cannot be read.
 * Windows reports EPERM for a file that is being removed, for example while npm replaces a package.
 */
function signatureOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`
  } catch {
    return ''
  }
}
