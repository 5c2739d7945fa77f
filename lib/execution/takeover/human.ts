import type { z } from 'zod'
import type { Human, HumanFieldsOptions, HumanOptions, HumanReply } from '../../authoring/human.ts'
import type { PhaseControl } from '../phases/phase-control.ts'
import type { Takeover } from './takeover.ts'

/** Returns the function `human` of one phase. */
export function humanOf(takeover: Takeover, phase: PhaseControl): Human {
  function human(what: string, options?: HumanOptions): Promise<HumanReply>
  function human<F extends z.ZodObject>(what: string, options: HumanFieldsOptions<F>): Promise<z.output<F>>
  function human(what: string, options: HumanOptions | HumanFieldsOptions<z.ZodObject> = {}) {
    return 'fields' in options ? takeover.askFor(what, options, phase) : takeover.ask(what, options, phase)
  }
  return human
}
