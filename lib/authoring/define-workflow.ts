import { z } from 'zod'
import { ERROR_CODES } from '../core/errors/error-codes.ts'
import type { ErrorCode } from '../core/errors/error-codes.ts'
import { durationMs } from '../core/time/duration.ts'
import type { Duration } from '../core/time/duration.ts'
import { AutomateError, messageOf } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { describeIssues } from '../model/issues.ts'
import { formSchema } from './form-schema.ts'
import { loginBody, loginPhases } from './login-phase.ts'
import { checkOptions } from './options/options.ts'
import type { WorkflowFacts, WorkflowOptions } from './options/options.ts'
import type { PhaseContext } from './phase-context.ts'
import { answerTo } from './options/recovery-rules.ts'
import { resultToJson, toJson } from './results.ts'
import { workflowBrand } from './workflow-runtime.ts'
import type { PhaseRunner, PhaseSpec, PhaseTools, RunnableWorkflow } from './workflow-runtime.ts'
import { PhaseName } from '../model/job/phase.ts'

/**
 * Maximum number of retries of a phase. Each try is shown in the history, and a phase that needs
 * more can contain its own loop.
 */
const MAX_PHASE_RETRIES = 20

/** Time limit and retries of a phase. */
export interface PhaseOptions {
  /** Time limit of each try of the phase, such as `'20s'`. */
  readonly timeout: Duration
  /**
   * Number of times that the phase is retried in the same browser before the job's attempt fails: 0
   * to 20. Default 0. A try that is still running after its timeout is not repeated, because both
   * tries would run at once. To make a try end in time, pass `signal` on, or set shorter timeouts
   * on waits.
   */
  readonly retries?: number
  /**
   * Codes of the failures after which the phase is retried. Default: all failures whose recovery is
   * a retry with the same proxy and session. A stop or a dead browser is never followed by a retry.
   */
  readonly retryOn?: readonly ErrorCode[]
}

/**
 * A workflow, complete or under construction. Every call of `phase` returns a new workflow.
 * `Previous` is the return value of the last phase.
 */
export interface Workflow<I extends z.ZodType, R extends z.ZodType, Previous> extends RunnableWorkflow {
  /**
   * Returns a workflow with a phase added after the existing ones.
   * @throws `workflow-invalid` if the name is not a word or is already used, or if the timeout is
   * missing or invalid.
   */
  phase<Next>(
    name: string,
    options: PhaseOptions,
    fn: (context: PhaseContext<z.output<I>, Previous, z.input<R>>) => Next | Promise<Next>,
  ): Workflow<I, R, Next>
}

type Body<Input, Previous> = (runner: PhaseRunner, input: Input) => Promise<Previous>

/**
 * Creates a workflow from its name, its input and its result. Add phases with `.phase(…)`, and
 * export the workflow as the module's default export.
 * @throws `workflow-invalid` if an option is wrong; the message names the option.
 */
export function defineWorkflow<I extends z.ZodType, R extends z.ZodType>(
  options: WorkflowOptions<I, R>,
): Workflow<I, R, undefined> {
  const facts = checkOptions(options)
  return build(options, facts, loginPhases(facts), loginBody(options.session, facts))
}

function build<I extends z.ZodType, R extends z.ZodType, Previous>(
  options: WorkflowOptions<I, R>,
  facts: WorkflowFacts,
  phases: readonly PhaseSpec[],
  before: Body<z.output<I>, Previous>,
): Workflow<I, R, Previous> {
  const { better, target } = options
  return {
    ...workflowBrand,
    ...facts,
    phases,
    hasTarget: target !== undefined,

    phase(name, phaseOptions, fn) {
      const spec = checkPhase(facts.name, phases, name, phaseOptions, fn)
      const index = phases.length + 1
      return build(options, facts, [...phases, spec], async (runner, input) => {
        const previous = await before(runner, input)
        return runner.run(spec, index, async tools => {
          const offer = (result: z.input<R>) => offerResult(options.result, facts.name, tools, result)
          const value = await fn(contextOf(tools, input, previous, offer))
          if (!tools.last) return value
          const offered =
            value === undefined ? undefined : tools.offer(resultToJson(options.result, facts.name, value))
          tools.workIsDone?.()
          await offered
          return value
        })
      })
    },

    answer: failure => answerTo(failure, options.recovery),

    inputSchema: () => formSchema(options.input, `The input schema of workflow "${facts.name}"`),

    prepare(rawInput) {
      const input = parseInput(options.input, facts.name, rawInput)
      return {
        input: toJson(input),
        judge: {
          better: (a, b) => verdict('better', better?.(options.result.parse(a), options.result.parse(b))),
          meetsTarget: result => verdict('target', target?.(options.result.parse(result), input)),
        },
        execute: async runner => {
          await before(runner, input)
        },
      }
    },
  }
}

// Async, so that a result that does not fit the schema rejects the promise, like every other error
// of `offer`.
async function offerResult(schema: z.ZodType, workflow: string, tools: PhaseTools, result: unknown) {
  return tools.offer(resultToJson(schema, workflow, result))
}

/**
 * Builds the context of a phase. The fields are listed one by one so that `signal` stays a getter:
 * a phase that never reads the signal gets no grace period to react to it.
 */
function contextOf<Input, Previous, Offered>(
  tools: PhaseTools,
  input: Input,
  previous: Previous,
  offer: PhaseContext<Input, Previous, Offered>['offer'],
): PhaseContext<Input, Previous, Offered> {
  const {
    page,
    browserContext,
    step,
    log,
    once,
    discover,
    counter,
    sharedMap,
    human,
    share,
    worker,
    attempt,
    job,
  } = tools
  return {
    page,
    browserContext,
    get signal() {
      return tools.signal
    },
    step,
    log,
    once,
    discover,
    counter,
    sharedMap,
    human,
    share,
    worker,
    attempt,
    job,
    input,
    previous,
    offer,
  }
}

function parseInput<I extends z.ZodType>(schema: I, workflow: string, input: Json): z.output<I> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new AutomateError(
    'input-invalid',
    `The input of workflow "${workflow}" is wrong: ${describeIssues(parsed.error)}.`,
    { facts: { workflow } },
  )
}

const Retries = z.object({
  retries: z.exactOptional(z.int().min(0).max(MAX_PHASE_RETRIES)),
  retryOn: z.exactOptional(z.array(z.enum(ERROR_CODES))),
})

/**
 * Checks the options of a phase, as the author wrote them.
 * @throws `workflow-invalid` if an option is wrong; the message names the workflow, the phase and
 * the option.
 */
function checkPhase(
  workflow: string,
  phases: readonly PhaseSpec[],
  name: string,
  options: unknown,
  fn: unknown,
): PhaseSpec {
  const fail = (why: string, cause?: unknown) =>
    new AutomateError('workflow-invalid', `Workflow "${workflow}", phase "${name}": ${why}`, { cause })
  if (!PhaseName.safeParse(name).success) {
    throw fail('a phase name has at most 40 characters: letters, digits, "_" and "-", such as "open_shop".')
  }
  if (phases.some(phase => phase.name === name)) throw fail('another phase already has this name.')
  if (typeof fn !== 'function') throw fail('the third argument must be the function that the phase runs.')
  const timeout = z.object({ timeout: z.union([z.number(), z.string()]) }).safeParse(options)
  if (!timeout.success) throw fail('the phase has no limit. Add one, such as { timeout: "20s" }.')
  const again = Retries.safeParse(options)
  if (!again.success) throw fail(`${describeIssues(again.error)}.`)
  try {
    return { name, timeoutMs: durationMs(timeout.data.timeout), ...again.data }
  } catch (error) {
    throw fail(messageOf(error), error)
  }
}

/**
 * Returns the result of the author's `better` or `target` as a boolean.
 * @throws `workflow-invalid` if the value is a promise, because a promise is always truthy.
 */
function verdict(rule: 'better' | 'target', value: unknown): boolean {
  if (value instanceof Promise)
    throw new AutomateError(
      'workflow-invalid',
      `"${rule}" returned a promise. Return true or false synchronously, and do slow work in a phase.`,
    )
  return Boolean(value)
}
