import { z } from 'zod'
import { Instant } from '../json.ts'
import { WorkflowName } from './workflow.ts'

const Missing = z.object({
  name: WorkflowName,
  /**
   * Instant at which the workflow's jobs fail; omitted if they wait until the workflow can be
   * loaded.
   */
  until: z.exactOptional(Instant),
})

/**
 * A workflow that cannot be loaded now, so that its jobs wait: its file is `broken`, a workflows
 * `folder` does not exist or has no workflows, or no file exports the workflow (`removed`).
 */
export const MissingWorkflow = z.discriminatedUnion('why', [
  Missing.extend({
    why: z.literal('broken'),
    /** Files that may export the workflow, with their errors. */
    problems: z.array(z.string()).min(1),
  }),
  Missing.extend({ why: z.literal('folder'), folder: z.string() }),
  Missing.extend({ why: z.literal('removed') }),
])
export type MissingWorkflow = z.infer<typeof MissingWorkflow>
