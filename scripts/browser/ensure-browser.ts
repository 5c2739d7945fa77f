import { isAutomateError } from '../../lib/core/errors/errors.ts'
import { ensureBrowser } from '../../lib/execution/browser/find/ensure-browser.ts'

/** Exit code that means that this machine cannot run the program. */
const ENVIRONMENT_UNFIT = 4

try {
  await ensureBrowser({ print: line => console.error(line) })
} catch (error) {
  if (!isAutomateError(error)) throw error
  console.error(error.message)
  process.exitCode = ENVIRONMENT_UNFIT
}
