import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { systemCode } from '../../../lib/core/errors/errors.ts'

/** A page: what is left of the last one of a file stays free. */
const CHUNK = Buffer.alloc(4_096)

/** A disk of its own in memory. */
export interface SmallDisk {
  /** The folder at which it is mounted, for its user alone. */
  readonly folder: string
  /** Takes all room that there is. */
  fill(): void
  /** Gives back what `fill` took. */
  free(): void
}

/** Makes and mounts one. Returns why there can be none, otherwise. */
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
