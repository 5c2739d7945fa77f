import { AutomateError } from '../core/errors/errors.ts'
import { AccountRef } from '../model/worker/account.ts'
import { describeIssues } from '../model/issues.ts'
import type { WorkflowFacts } from './options/options.ts'
import type { PhaseRunner, PhaseSpec, PhaseTools } from './workflow-runtime.ts'
import type { LoginContext, SessionOptions } from './options/session-options.ts'

/** Name of the first phase of a workflow with a session. */
const LOGIN_PHASE = 'login'

export function loginPhases({ session }: WorkflowFacts): readonly PhaseSpec[] {
  return session === null ? [] : [{ name: LOGIN_PHASE, timeoutMs: session.timeoutMs }]
}

/** Returns a function that runs the login phase, or does nothing if the workflow has no session. */
export function loginBody<Input>(
  options: SessionOptions<Input> | undefined,
  facts: WorkflowFacts,
): (runner: PhaseRunner, input: Input) => Promise<undefined> {
  const { session } = facts
  const [phase] = loginPhases(facts)
  if (options === undefined || session === null || phase === undefined) {
    return () => Promise.resolve(undefined)
  }
  return async (runner, input) => {
    await runner.run(phase, 1, tools =>
      tools.logIn({
        ...accountOf(facts.name, session.site, options.account(input)),
        login: async () => {
          await options.login(loginContext(tools, input))
        },
        check: async () => options.check?.(loginContext(tools, input)) ?? true,
      }),
    )
    return undefined
  }
}

function accountOf(workflow: string, site: string, account: unknown): AccountRef {
  const parsed = AccountRef.safeParse({ site, account })
  if (parsed.success) return parsed.data
  throw new AutomateError(
    'workflow-invalid',
    `Workflow "${workflow}": session.account must return the account's name as a string: ${describeIssues(parsed.error)}.`,
    { facts: { workflow } },
  )
}

/**
 * Builds the context of the login. `signal` stays a getter, as in every phase, so a login that
 * never reads the signal gets no grace period to react to it.
 */
function loginContext<Input>(tools: PhaseTools, input: Input): LoginContext<Input> {
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
  }
}
