import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { PROGRAM, SOURCE_BUILD } from '../../core/process/program.ts'

/** `dist/build.json`, which `scripts/build.ts` writes. */
const Manifest = z.object({
  version: z.string(),
  build: z.string(),
  /** The size in bytes of each file that runs, by its path relative to the package. */
  files: z.record(z.string(), z.int().nonnegative()),
})

/** A package that lies whole where this program was started from. */
export interface InstalledProgram {
  readonly version: string
  readonly build: string
}

/**
 * Looks at the package that this program was loaded from, because a package manager may replace it at any moment. It removes the old files first and then writes the
 * new ones, so for a while the package is not whole.
 */
export class InstalledPackage {
  readonly folder: string
  private readonly own: string
  /** The manifest as it last was on the disk. */
  private seen = ''
  private found: InstalledProgram | null = null

  /** `folder` is that of the package, and `own` the build that this process has loaded. */
  constructor(folder = fileURLToPath(new URL('../../../../', import.meta.url)), own = PROGRAM.build) {
    this.folder = folder
    this.own = own
  }

  /** Returns whether the files on the disk are still those of this process. Costs one system call while they are. */
  get isOwn(): boolean {
    return this.own === SOURCE_BUILD || this.installed()?.build === this.own
  }

  /** Returns the other program that lies there whole; null while the own one does, and while none is whole. */
  get replacement(): InstalledProgram | null {
    if (this.own === SOURCE_BUILD) return null
    const installed = this.installed()
    return installed === null || installed.build === this.own ? null : installed
  }

  private installed(): InstalledProgram | null {
    const file = join(this.folder, 'dist', 'build.json')
    const seen = signatureOf(file)
    // A package that was not whole may be by now.
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
 * Returns a text that changes whenever the file is written again; empty when the file cannot be read. Windows reports EPERM
 * for a file that is being removed, as npm does while it replaces a package.
 */
function signatureOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true })
    return `${ino}:${size}:${mtimeNs}:${ctimeNs}`
  } catch {
    return ''
  }
}
