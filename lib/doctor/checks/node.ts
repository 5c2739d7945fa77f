import { MIN_NODE, isNodeNewEnough } from '../../core/process/node-version.ts'
import { ok, problem } from '../check.ts'
import type { Check } from '../check.ts'

/**
 * Reports Node's version along with the other checks. It cannot be too old here, because the
 * program exits before it loads anything else if the required version is missing.
 */
export const nodeCheck: Check = {
  id: 'node',
  ofProject: false,
  run({ words: { node } }) {
    const { node: version } = process.versions
    if (isNodeNewEnough(version)) return ok(node.good(version))
    return problem(node.old(version, MIN_NODE.join('.')), node.oldRemedy)
  },
}
