import { TRACE_KEPT } from '../../../lib/model/trace/trace-settings.ts'
import type { Competitor, Topic } from '../harness/competitor.ts'
import { runProgram } from '../jobs/automate-tui.ts'

const withTrace = (trace: string): Competitor => ({
  name: `trace: ${trace}`,
  spawnsProgram: true,
  run: options => runProgram(options, 'read-page', { trace }),
})

export const evidence: Topic = {
  name: 'evidence',
  title: 'the jobs of "jobs", with the whole program, by which traces are kept',
  figure: 'rate',
  unit: 'job',
  needsBrowser: true,
  opensPages: true,
  countsCpu: true,
  baseline: 'trace: off',
  competitors: TRACE_KEPT.map(withTrace),
}
