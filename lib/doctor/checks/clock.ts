import { statSync } from 'node:fs'
import { localTime } from '../../core/time/local-time.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Date on which this check was written, in epoch ms. No correct clock is earlier. */
const WRITTEN_AT = Date.UTC(2026, 10, 25)

/** Tolerance in ms for the rounding of file systems and for small corrections of clocks. */
const TOLERANCE_MS = 60_000

/** Checks the wall clock, because names of folders, deadlines and certificates depend on it. */
export const clockCheck: Check = {
  id: 'clock',
  ofProject: false,
  run({ words, clock, project, isTrusted }) {
    const now = clock.now()
    if (now < WRITTEN_AT) return problem(words.clock.past(localTime(now)), words.clock.remedy)
    const file = (isTrusted ? project?.paths.database : undefined) ?? ''
    const writtenAt = file === '' ? undefined : statSync(file, { throwIfNoEntry: false })?.mtimeMs
    if (writtenAt !== undefined && writtenAt > now + TOLERANCE_MS)
      return warning(words.clock.back(file, localTime(writtenAt)), words.clock.remedy)
    return ok(words.clock.good(localTime(now), new Intl.DateTimeFormat().resolvedOptions().timeZone))
  },
}
