import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PROGRAM, SOURCE_BUILD } from '../../core/process/program.ts'

/** `dist/build.json`, written by `scripts/build.ts`. */
const Manifest = z.object({
  version: z.string(),
  build: z.string(),
  /** Size in bytes of each file that runs, by its path relative to the package. */
  files: z.record(z.string(), z.int().nonnegative()),
})

/** A complete package at the path from which this program was started. */
export interface InstalledProgram {
  readonly version: string
  readonly build: string
}

/**
 * Checks the package of this program, because a package manager may replace it at any moment. The
 * package manager removes the old files before it writes the new ones, so the package is incomplete
 * for a while.
 */
export class InstalledPackage {
  readonly folder: string
  private readonly own: string
  /** The manifest as last read from the disk. */
  private seen = ''
  private found: InstalledProgram | null = null

  /** `folder` is the package's, and `own` the build that this process has loaded. */
  constructor(folder = fileURLToPath(new URL('../../../../', import.meta.url)), own = PROGRAM.build) {
    this.folder = folder
    this.own = own
  }

  /** True if the files on the disk are still those of this process. Costs one system call if so. */
  get isOwn(): boolean {
    return this.own === SOURCE_BUILD || this.installed()?.build === this.own
  }

  /**
   * Returns another complete program at the same path; null for the own program, and while none is
   * complete.
   */
  get replacement(): InstalledProgram | null {
    if (this.own === SOURCE_BUILD) return null
    const installed = this.installed()
    return installed === null || installed.build === this.own ? null : installed
  }

  private installed(): InstalledProgram | null {
    const file = join(this.folder, 'dist', 'build.json')
    const seen = signatureOf(file)
    // An incomplete package may be complete by now.
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
 * Returns a text that changes with every write of the file; empty if the file cannot be read.
 * Windows reports EPERM for a file that is being removed, as npm does while it replaces a package.
 */
function signatureOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`
  } catch {
    return ''
  }
}
