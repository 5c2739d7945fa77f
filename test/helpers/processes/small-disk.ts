import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { systemCode } from '../../../lib/core/errors/errors.ts'

/**
 * Buffer of one page. Files take whole pages, so the unused part of a file's last page stays free.
 */
const CHUNK = Buffer.alloc(4_096)

/** Small disk whose file system is in memory. */
export interface SmallDisk {
  /** Mount point, accessible only to its user. */
  readonly folder: string
  /** Fills all free space. */
  fill(): void
  /** Frees the space that `fill` took. */
  free(): void
}

/** Creates and mounts a disk, or returns the reason why that is impossible. */
export function smallDisk(t: Pick<Test, 'teardown'>): SmallDisk | string {
  if (process.platform !== 'linux') return 'only Linux has disks in memory'
  const folder = mkdtempSync(join(tmpdir(), 'automate-tui-disk-'))
  t.teardown(() => {
    spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  })
  const options = ['-t', 'tmpfs', '-o', 'size=2m,mode=700', 'tmpfs', folder]
  const { status, stderr, error } = spawnSync('mount', options, { encoding: 'utf8' })
  if (status !== 0) return `no disk can be mounted: ${error?.message ?? stderr.trim()}`
  const ballast = join(folder, 'ballast')
  return { folder, fill: () => fill(ballast), free: () => rmSync(ballast) }
}

function fill(path: string): void {
  const file = openSync(path, 'a')
  try {
    for (;;) writeSync(file, CHUNK)
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}
