import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

const SIZE_BYTES = 400 * 1024 * 1024

/**
 * Disk whose file system is in a file. It becomes read-only after an error, as the root disk of
 * Debian does.
 */
export interface LoopDisk {
  /** Mount point. */
  readonly folder: string
  /** Provokes a disk error, after which the disk is read-only until it is unmounted. */
  turnReadOnly(): void
}

/** Creates and mounts a disk, or returns the reason why that is impossible. */
export function loopDisk(t: Pick<Test, 'teardown'>): LoopDisk | string {
  if (process.platform !== 'linux') return 'only Linux mounts disks that are files'
  const outer = mkdtempSync(join(tmpdir(), 'automate-tui-loop-'))
  const [image, folder] = [join(outer, 'image'), join(outer, 'disk')]
  t.teardown(() => {
    spawnSync('umount', ['-l', folder])
    rmSync(outer, { recursive: true })
  })
  mkdirSync(folder)
  writeFileSync(image, '')
  truncateSync(image, SIZE_BYTES)
  return (
    failureOf('mkfs.ext4', ['-q', '-e', 'remount-ro', image]) ??
    failureOf('mount', ['-o', 'loop,errors=remount-ro', image, folder]) ?? {
      folder,
      turnReadOnly: () => {
        const failure = failureOf('mount', ['-o', 'remount,abort', folder])
        if (failure !== undefined) throw new Error(failure)
      },
    }
  )
}

function failureOf(command: string, args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? undefined : `${command} is not possible: ${error?.message ?? stderr.trim()}`
}
