import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errorCode, messageOf } from '../../core/errors/errors.ts'
import { ProjectPaths } from '../../core/process/paths.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { kernelRangeLock, lockFile } from '../../platform/locks/file-lock.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenStore } from '../../store/open-store.ts'
import { databaseExists, databasesSetAside } from '../../store/quarantine.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check, DoctorWorld, Finding } from '../check.ts'

const PARTS = ['', '-wal', '-journal']

/** Timeout for the reply of the database's owner, which replies late while it is busy. */
const PATIENCE_MS = 15_000

/**
 * Checks that the database is intact. If a process owns the database, that process makes the check.
 * Otherwise a copy is checked, because opening a database changes its files, and a check must
 * change nothing.
 */
export const databaseCheck: Check = {
  id: 'database',
  ofProject: true,
  async run(world) {
    const {
      words: { database },
      project,
    } = world
    const file = project?.paths.database ?? ''
    if (project === null) return ok(database.none)
    if (!databaseExists(file)) {
      const [copy] = databasesSetAside(file).toReversed()
      return copy === undefined ? ok(database.none) : problem(database.missing(copy), database.missingRemedy)
    }
    const lock = kernelRangeLock()
    const held = lock === undefined ? { release: () => undefined } : lockFile(file, lock)
    if (held === undefined) return lookInto(world, project.paths, 'client', file)
    const folder = mkdtempSync(join(tmpdir(), 'automate-tui-doctor-'))
    const copy = new ProjectPaths(folder)
    try {
      copyAll(file, copy.database)
    } finally {
      held.release()
    }
    try {
      return await lookInto(world, copy, 'transient', file)
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
}

function copyAll(from: string, to: string): void {
  for (const part of PARTS) if (existsSync(from + part)) copyFileSync(from + part, to + part)
}

async function lookInto(
  { words: { database }, clock, t }: DoctorWorld,
  paths: ProjectPaths,
  role: OpenStore['role'],
  file: string,
): Promise<Finding> {
  try {
    const store = await openStore({ paths, role, clock, waitMs: PATIENCE_MS })
    try {
      const { problems } = await store.call('store.check', {})
      if (problems.length > 0) return damaged(problems.join('; '))
      return ok(database.good(t.bytes(statSync(file).size)))
    } finally {
      await store.close()
    }
  } catch (error) {
    const code = errorCode(error)
    if (code === 'store-busy' || code === 'store-closed') return warning(database.busy, database.busyRemedy)
    if (code === 'store-damaged') return damaged(causeOf(error))
    return problem(database.unusable(sanitiseLine(messageOf(error))), database.unusableRemedy)
  }

  function damaged(why: string): Finding {
    return problem(database.damaged(sanitiseLine(why)), database.damagedRemedy(file))
  }
}

/**
 * Returns the message of an error's cause. The error itself names the copy, which no longer exists
 * when the message is read.
 */
function causeOf(error: unknown): string {
  return messageOf(error instanceof Error && error.cause !== undefined ? error.cause : error)
}
