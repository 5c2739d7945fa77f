import { z } from 'zod'
import { Instant } from '../json.ts'
import { WorkflowName } from './workflow.ts'

const Missing = z.object({
  name: WorkflowName,
  /** When its jobs fail; left out where they wait until it can be loaded. */
  until: z.exactOptional(Instant),
})

/** A workflow that cannot be loaded now and whose jobs wait: its file is broken, a folder has no workflows, or no file exports it. */
export const MissingWorkflow = z.discriminatedUnion('why', [
  Missing.extend({
    why: z.literal('broken'),
    /** The files that may export it, with their errors. */
    problems: z.array(z.string()).min(1),
  }),
  Missing.extend({ why: z.literal('folder'), folder: z.string() }),
  Missing.extend({ why: z.literal('removed') }),
])
export type MissingWorkflow = z.infer<typeof MissingWorkflow>
