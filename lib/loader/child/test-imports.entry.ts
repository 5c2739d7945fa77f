import { registerSelfImport } from './self-import.ts'
import { turnColoursOff } from './turn-colours-off.ts'

// Preloaded into the tests of a project (`automate-tui test`), so that "automate-tui" means this
// very package there, too.
registerSelfImport()
// Node's runner shows colours in its report, and requests colours from the test files, too.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) turnColoursOff()
