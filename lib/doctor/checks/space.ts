import { statfsSync } from 'node:fs'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/**
 * Free space below which the check warns: it holds a day of a busy project's logs and crash
 * evidence.
 */
const COMFORTABLE_BYTES = 1024 ** 3

/**
 * Free space below which the check reports a problem: a few profiles and a growing database fill it
 * within an hour.
 */
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
