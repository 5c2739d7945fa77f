import { sanitiseLine } from '../../core/text/sanitise.ts'
import { ok, problem } from '../check.ts'
import type { Check } from '../check.ts'

/** Checks the settings from flags, the environment, `.env` and the configuration file. */
export const configurationCheck: Check = {
  id: 'configuration',
  ofProject: true,
  run({ words: { configuration }, configError, isTrusted }) {
    if (configError === null) return ok(configuration.good)
    return problem(
      sanitiseLine(configError.message),
      isTrusted ? configuration.remedy : configuration.trustRemedy,
      'configuration',
    )
  },
}
