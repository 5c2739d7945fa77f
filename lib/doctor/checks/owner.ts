import { dirname } from 'node:path'
import { findForeignLink } from '../../core/disk/foreign-link.ts'
import { localTime } from '../../core/time/local-time.ts'
import { readOwnerRecord, removeOwnerRecord } from '../../store/ownership/owner-record.ts'
import { isOwnerAlive } from '../../store/ownership/living-owner.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/**
 * Reports the process that has the project's database open. Leftovers of a killed owner are not a
 * problem, and `--fix` removes them.
 */
export const ownerCheck: Check = {
  id: 'owner',
  ofProject: true,
  run({ words: { owner }, project, fix }) {
    const file = project?.paths.owner ?? ''
    const announced = readOwnerRecord(file)
    if (announced === undefined) return ok(owner.nobody)
    const { pid, role, since, token } = announced
    if (isOwnerAlive(announced)) {
      return ok(role === 'scheduler' ? owner.scheduler(pid, localTime(since)) : owner.transient(pid))
    }
    if (!fix || findForeignLink(dirname(file)) !== undefined)
      return warning(owner.stale(pid), owner.staleRemedy)
    removeOwnerRecord(file, token)
    return ok(owner.nobody, owner.removed)
  },
}
