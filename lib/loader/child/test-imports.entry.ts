import { registerSelfImport } from './self-import.ts'
import { turnColoursOff } from './turn-colours-off.ts'

// This module is preloaded into the tests of a project (`automate-tui test`), so that
// "automate-tui" resolves to the running package there, too.
registerSelfImport()
// Node's test runner shows colours in its report, and therefore requests colours from the test
// files, too.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) turnColoursOff()
