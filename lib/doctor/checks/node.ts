import { MIN_NODE, isNodeNewEnough } from '../../core/process/node-version.ts'
import { ok, problem } from '../check.ts'
import type { Check } from '../check.ts'

/**
 * Reports Node's version with the other checks. The program itself exits below the required version
 * before it loads anything else.
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
