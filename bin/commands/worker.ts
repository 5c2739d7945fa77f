import type { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { Outcome } from '../../lib/model/job/outcome.ts'
import { formatPhase } from '../../lib/model/job/phase.ts'
import { showTraceCommand } from '../../lib/model/trace/trace-settings.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { terminalJson } from '../../lib/core/terminal/terminal-json.ts'
import { ensureBrowser } from '../../lib/execution/browser/find/ensure-browser.ts'
import { checkSandbox } from '../../lib/execution/browser/launch/sandbox.ts'
import { runForeground } from '../../lib/execution/run-foreground.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { resolveProxyRoute } from '../proxy-route.ts'
import { findWorkflow, jobInput } from '../../lib/app/use-cases/job-input.ts'
import { printResult, reserveStdout } from '../output/output.ts'
import { wordsOf } from '../../lib/app/project/project.ts'
import type { Project } from '../../lib/app/project/project.ts'
import { onStopSignal } from '../shutdown-signals.ts'
import { browserSearch } from '../browser-search.ts'
import { jobLimits, traceOrder } from '../../lib/app/project/control-settings.ts'
import type { JobFlags } from '../job-flags.ts'

const print = (line: string) => process.stderr.write(`${sanitiseLine(line)}\n`)

/**
 * Runs a workflow in this process, without a scheduler. Phases, log lines and the workflow's own
 * output go to stderr, and the result goes to stdout. Ctrl+C stops the workflow.
 */
export async function runWorker(
  project: Project,
  name: string,
  flags: JobFlags & { readonly trace?: boolean },
  json: boolean,
): Promise<ExitCode> {
  const { config } = project.resolved
  const { commands, level } = wordsOf(project)
  const workflow = await findWorkflow(project, name)
  const input = jobInput(workflow, flags.input, flags.inputFile)
  const search = browserSearch(project.resolved)
  const unprotected = checkSandbox(config)
  if (unprotected !== undefined) print(unprotected)
  const browser = await ensureBrowser({ print, search, headed: !config.headless })
  const { proxyServer, access } = await resolveProxyRoute(project, workflow, flags.proxy)
  const stop = new AbortController()
  onStopSignal(() => stop.abort())
  let shown = ''
  const showPhase = ({ phase }: WorkerDocument) => {
    const text = phase === null ? '' : formatPhase(phase)
    if (text !== '' && text !== shown) print(text)
    shown = text
  }
  const write = reserveStdout()
  const { outcome, screenshot, trace, chromeLog } = await runForeground({
    file: workflow.file,
    workflow: workflow.name,
    input,
    launch: {
      executable: browser.path,
      kind: browser.kind,
      headless: config.headless,
      extraArgs: config.browserArgs,
      cdp: config.cdp,
      proxyServer,
      limits: jobLimits(config),
    },
    access,
    root: project.paths.root,
    ...(flags.trace === true ? { traceBytes: traceOrder(config).limitBytes } : {}),
    onState: showPhase,
    onLog: line => print(`${level[line.level]}: ${line.message}`),
    signal: stop.signal,
  })
  const end = { outcome, screenshot, trace, chromeLog }
  printResult(end, json, () => outcomeText(outcome, commands.stopped), write)
  if (screenshot !== null && !json) print(commands.screenshot(screenshot))
  if (trace !== null && !json) print(commands.trace(showTraceCommand(trace)))
  return exitCodeOf(outcome)
}

function outcomeText(outcome: Outcome, stopped: string): string {
  switch (outcome.status) {
    case 'succeeded':
      return terminalJson(outcome.result, 2)
    case 'cancelled':
      return stopped
    case 'failed':
    case 'timed-out':
    case 'crashed':
      return outcome.error.stack
  }
}

function exitCodeOf({ status }: Outcome): ExitCode {
  if (status === 'succeeded') return EXIT.done
  return status === 'cancelled' ? EXIT.cancelled : EXIT.jobFailed
}
