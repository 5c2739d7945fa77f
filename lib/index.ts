/** The public API for authors of workflows: `import { defineWorkflow, z } from 'automate-tui'`. */
export { z } from 'zod'
export { defineWorkflow } from './authoring/define-workflow.ts'
export type { PhaseOptions, Workflow } from './authoring/define-workflow.ts'
export type { WorkflowOptions } from './authoring/options.ts'
export type { OfferReply, PhaseContext } from './authoring/phase-context.ts'
export type { Duration } from './core/duration.ts'
export type { Json } from './core/errors.ts'
