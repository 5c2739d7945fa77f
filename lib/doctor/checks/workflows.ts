import { relative } from 'node:path'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { brokenWords } from '../../model/job/workflow.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/** Checks that every workflow module can be loaded. Each module is loaded in a child process. */
export const workflowsCheck: Check = {
  id: 'workflows',
  ofProject: true,
  async run({ words: { workflows }, project, config, configError }) {
    if (project === null || configError !== null) return warning(workflows.unknown, workflows.unknownRemedy)
    const { usable, broken } = await project.describe()
    if (broken.length > 0) {
      const problems = broken.map(({ file, error }) =>
        sanitiseLine(brokenWords(file, error.message, relative(project.root, file))),
      )
      return problem(problems.join('\n'), workflows.brokenRemedy, 'configuration')
    }
    if (usable === 0) return warning(workflows.none(config.workflows.join(', ')), workflows.noneRemedy)
    return ok(workflows.good(usable))
  },
}
