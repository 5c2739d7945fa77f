import { LONG_FORM } from '../../helpers/long-form.ts'
import { runTogether } from '../../helpers/run-together.ts'

// Runs the long form of the module tests that npm test repeats only a few times.
process.env[LONG_FORM] = '1'
await runTogether(
  'control/simulation.slow.test.ts',
  'core/secrets/secret-search.slow.test.ts',
  'files/documents/atomic-json.slow.test.ts',
  'store/many-processes.slow.test.ts',
  'store/ownership/owner-kills.slow.test.ts',
)
