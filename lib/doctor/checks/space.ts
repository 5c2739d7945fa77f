import { statfsSync } from 'node:fs'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Space for a day of evidence of a busy project. */
const COMFORTABLE_BYTES = 1024 ** 3

/** Space that a few profiles and a growing database fill within the hour. */
const LEAST_BYTES = 100 * 1024 ** 2

export const spaceCheck: Check = {
  id: 'space',
  ofProject: true,
  run({ words: { space }, project, t }) {
    const { bavail, bsize } = statfsSync(project?.root ?? '.')
    const free = bavail * bsize
    if (free >= COMFORTABLE_BYTES) return ok(space.good(t.bytes(free)))
    return (free < LEAST_BYTES ? problem : warning)(space.low(t.bytes(free)), space.remedy)
  },
}
