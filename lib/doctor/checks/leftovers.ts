import { join } from 'node:path'
import { findForeignLink } from '../../core/disk/foreign-link.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { WorkerDocument } from '../../model/worker/documents.ts'
import { readDocumentsSync } from '../../files/documents/read-documents.ts'
import { removeWithRetries } from '../../files/remove-files.ts'
import { stalePortLocks, sweepPortLocks } from '../../platform/locks/port-lock.ts'
import { leftProfiles } from '../../control/machine/maintenance/profile-sweep.ts'
import { ok, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Checks for leftover profile folders and port locks of processes that have ended. */
export const leftoversCheck: Check = {
  id: 'leftovers',
  ofProject: true,
  async run({ words: { leftovers, folders: folderWords }, project, clock, fix }) {
    if (project === null) return ok(leftovers.none)
    const { paths } = project
    const now = clock.now()
    const link = findForeignLink(paths.profiles) ?? findForeignLink(paths.ports)
    if (link !== undefined)
      return warning(folderWords.foreign(link.path, link.uid), folderWords.foreignRemedy(link.path))
    const profiles = leftProfiles(paths.profiles, readDocumentsSync(paths.workerStates, WorkerDocument), now)
    const locks = stalePortLocks(paths.ports, now)
    if (profiles.length + locks.length === 0) return ok(leftovers.none)
    const [folders, ports] = [leftovers.profiles(profiles.length), leftovers.locks(locks.length)]
    if (!fix) return warning(leftovers.found(folders, ports), leftovers.remedy)
    sweepPortLocks(paths.ports, now)
    const stuck: { name: string; why: string }[] = []
    for (const name of profiles) {
      const kept = await removeWithRetries(join(paths.profiles, name), clock)
      if (kept !== undefined) stuck.push({ name, why: messageOf(kept) })
    }
    const [first] = stuck
    if (first === undefined) return ok(leftovers.none, leftovers.removed(folders, ports))
    return warning(
      leftovers.stuck(leftovers.profiles(stuck.length), first.name, first.why),
      leftovers.stuckRemedy,
    )
  },
}
