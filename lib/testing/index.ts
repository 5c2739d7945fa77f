/// <reference types="node" preserve="true" />
/** What tests of workflows import: `import { runWorkflow } from 'automate-tui/testing'`. */
export { runWorkflow } from './run-workflow.ts'
export type { RunOptions } from './run-workflow.ts'
