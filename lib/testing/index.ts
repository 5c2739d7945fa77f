/// <reference types="node" preserve="true" />
/** Public API for tests of workflows: `import { runWorkflow } from 'automate-tui/testing'`. */
export { runWorkflow } from './run-workflow.ts'
export type { RunOptions } from './run-workflow.ts'
