import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { entryPath } from '../core/process/entry-path.ts'
import { AutomateError, errorFromRecord } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { sanitiseLine } from '../core/text/sanitise.ts'
import { ErrorRecord } from '../model/failure/error-record.ts'
import { Outcome } from '../model/job/outcome.ts'
import { formatPhase } from '../model/job/phase.ts'

/**
 * Maximum number of characters of another program's output in an error, enough to recognise the
 * program.
 */
const SHOWN_CHARACTERS = 200

/** Options of a run: the project and an abort signal. */
export interface RunOptions {
  /**
   * Folder of the project, or a folder within it. Default: the working directory, which
   * `automate-tui test` sets to the project's folder.
   */
  readonly root?: string
  /** Signal that ends the workflow and its browser. */
  readonly signal?: AbortSignal
}

/** Maximum output of a run. A larger result belongs in a file. */
const MOST_OUTPUT_BYTES = 100 * 1024 * 1024

/**
 * Runs a workflow of the project once and returns its result. A worker runs the workflow in its own
 * process, with its own browser and the project's settings, but without a scheduler and without
 * retries.
 * @throws The failure of the workflow, with its `code` and a message that names phase and step;
 * `input-invalid` if the input does not fit; `workflow-missing` if there is no workflow of this
 * name; or another refusal of `automate-tui worker`.
 */
export async function runWorkflow(
  name: string,
  input: Readonly<Record<string, Json>> = {},
  { root = process.cwd(), signal }: RunOptions = {},
): Promise<Json> {
  const folder = mkdtempSync(join(tmpdir(), 'automate-tui-input-'))
  try {
    const file = join(folder, 'input.json')
    writeFileSync(file, JSON.stringify(input))
    return resultOf(await run(['worker', name, '--root', root, '--input-file', file, '--json'], signal))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(args: readonly string[], signal: AbortSignal | undefined): Promise<string> {
  const program = entryPath(import.meta.url, '../../bin/automate-tui')
  const options = { maxBuffer: MOST_OUTPUT_BYTES, ...(signal === undefined ? {} : { signal }) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, ...args], options, (_error, stdout, stderr) => {
      // The command writes failures and refusals to stdout. If there is no output, the command
      // itself could not run.
      if (stdout !== '') resolve(stdout)
      else
        reject(
          signal?.aborted === true ? new AutomateError('cancelled', 'The run was stopped.') : refusal(stderr),
        )
    })
  })
}

function refusal(stderr: string): AutomateError {
  const message = stderr.replace(/^automate-tui: /m, '').trim()
  return new AutomateError('usage', message === '' ? 'The worker ended without a result.' : message)
}

/**
 * Schema of the output: the outcome of a workflow, or the error with which the program refused to
 * run it.
 */
const Printed = z.union([z.object({ outcome: Outcome }), z.object({ error: ErrorRecord })])

/**
 * Returns the result of a workflow from the output of `automate-tui worker --json`.
 * @throws The failure of the workflow, or the refusal of the program with its code; `unexpected` if
 * the output has neither.
 */
export function resultOf(stdout: string): Json {
  const printed = parsePrinted(stdout)
  if ('error' in printed) throw errorFromRecord(printed.error)
  const { outcome } = printed
  switch (outcome.status) {
    case 'succeeded':
      return outcome.result
    case 'cancelled':
      throw new AutomateError('cancelled', `The workflow was stopped (${outcome.reason}).`)
    case 'failed':
    case 'timed-out':
    case 'crashed': {
      const error = errorFromRecord(outcome.error)
      if (outcome.phase !== null) error.message = `in ${formatPhase(outcome.phase)}: ${error.message}`
      throw error
    }
  }
}

/**
 * Parses the outcome in the output. The output of the workflow itself does not reach this stdout,
 * but that of a program that the workflow starts does.
 */
function parsePrinted(stdout: string): z.infer<typeof Printed> {
  try {
    return Printed.parse(JSON.parse(stdout))
  } catch (error) {
    throw new AutomateError(
      'unexpected',
      `The outcome of the workflow cannot be read from ${sanitiseLine(stdout, SHOWN_CHARACTERS)}. If a program that the workflow starts prints this, make that program print to stderr.`,
      { cause: error },
    )
  }
}
