import { registerSelfImport } from './self-import.ts'
import { turnColoursOff } from './turn-colours-off.ts'

// Preloaded into the tests of a project (`automate-tui test`): there, too, "automate-tui" means this very package.
registerSelfImport()
// Node's runner shows the colours of its report, and asks the files of tests to have some too.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) turnColoursOff()
