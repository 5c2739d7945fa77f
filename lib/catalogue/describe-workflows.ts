import { existsSync } from 'node:fs'
import { parse } from 'node:path'
import { AutomateError, errorToRecord } from '../core/errors/errors.ts'
import { systemClock } from '../core/time/clock.ts'
import type { Clock } from '../core/time/clock.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import { redactRecord } from '../model/failure/redact-crash.ts'
import { redactSchema } from '../model/secrets/redact-schema.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../model/job/workflow.ts'
import { DescribingChild } from '../loader/client/describing-child.ts'
import type { Described } from '../loader/client/describing-child.ts'
import { workflowFiles } from './workflow-files.ts'

export interface Catalogue {
  /** Usable workflows, ordered by name. */
  readonly workflows: WorkflowDescription[]
  readonly broken: BrokenWorkflow[]
  /** Folders that do not exist. If no folder has a module, all folders. */
  readonly absent: string[]
}

export interface DescribeOptions {
  /** Folders with workflow modules. A folder that does not exist counts as empty. */
  readonly folders: readonly string[]
  /** Time limit for loading one module. */
  readonly timeoutMs: number
  /**
   * Name of the only workflow that is needed. The module with this file name is read first, and
   * reading ends as soon as the workflow is found.
   */
  readonly wanted?: string
  /**
   * Receives the partial catalogue once all fast modules are loaded, while the others are still
   * being read.
   */
  readonly onKnown?: (catalogue: Catalogue) => void
  /** Ends the reading early. The result is then the partial catalogue. */
  readonly signal?: AbortSignal
  readonly clock?: Clock
}

/**
 * Time limit for the first load of a module, so that a slow or blocking module does not delay the
 * others. A module that exceeds it is read again later with the full limit.
 */
const QUICK_MS = 2_000

/**
 * Number of modules that are read a second time in parallel. It is small, because a blocking module
 * occupies a processor until its time limit.
 */
const LANES = 2

/**
 * Describes all workflows in the folders. The modules are read in child processes, so that a module
 * that throws, blocks, exits or exports nonsense affects only itself. Of two workflows with the
 * same name, the first is valid and the second is broken.
 * @throws `environment-unfit` if a child process cannot be started at all.
 */
export async function describeWorkflows(options: DescribeOptions): Promise<Catalogue> {
  const clock = options.clock ?? systemClock
  const { timeoutMs, wanted, onKnown, signal = new AbortController().signal } = options
  const files = [...new Set(options.folders.flatMap(workflowFiles))]
  const absent = options.folders.filter(folder => files.length === 0 || !existsSync(folder))
  const described = new Map<string, Described>()
  const found = () =>
    [...described.values()].some(one => one.status === 'described' && one.description.name === wanted)

  const slow = await describeTogether(namedFirst(files, wanted), {
    clock,
    timeoutMs: Math.min(QUICK_MS, timeoutMs),
    onDescribed: (file, answer) => described.set(file, answer),
    enough: found,
    signal,
  })
  if (!found() && slow.length > 0) {
    onKnown?.({ ...catalogueOf(files, described), absent })
    const waiting = [...slow]
    const lane = async () => {
      for (let file = waiting.shift(); file !== undefined && !signal.aborted; file = waiting.shift()) {
        described.set(file, await describeAlone(file, timeoutMs, clock, signal))
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }
  return { ...catalogueOf(files, described), absent }
}

/**
 * Returns the files with the one named like the requested workflow first, because it usually
 * contains that workflow.
 */
function namedFirst(files: readonly string[], wanted: string | undefined): readonly string[] {
  const named = files.filter(file => parse(file).name === wanted)
  return [...named, ...files.filter(file => !named.includes(file))]
}

interface Together {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly onDescribed: (file: string, described: Described) => void
  readonly enough: () => boolean
  readonly signal: AbortSignal
}

/**
 * Reads modules one after the other in the same child, which is replaced after a failure. Returns
 * the modules that failed and must be read again alone, because an earlier module in the child may
 * be the cause.
 */
async function describeTogether(
  files: readonly string[],
  { clock, timeoutMs, onDescribed, enough, signal }: Together,
): Promise<string[]> {
  const lost: string[] = []
  let child: DescribingChild | undefined
  try {
    for (const file of files) {
      if (enough() || signal.aborted) break
      const first = child === undefined
      child ??= await DescribingChild.start(clock, signal)
      const described = await child.describe(file, timeoutMs)
      // An earlier module in the same child may have broken this one, which may be valid alone.
      if (described.status === 'lost' || (described.status === 'broken' && !first)) {
        lost.push(file)
        child.kill()
        child = undefined
      } else onDescribed(file, described)
    }
  } finally {
    child?.kill()
  }
  return lost
}

/** Reads one module in its own child, and a second time if a signal killed the child. */
async function describeAlone(
  file: string,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Described> {
  const first = await describeOnce(file, timeoutMs, clock, signal)
  const killed = first.status === 'lost' && first.error.code === 'environment-unfit'
  return killed && !signal.aborted ? describeOnce(file, timeoutMs, clock, signal) : first
}

async function describeOnce(
  file: string,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Described> {
  const child = await DescribingChild.start(clock, signal)
  try {
    return await child.describe(file, timeoutMs)
  } finally {
    child.kill()
  }
}

function catalogueOf(
  files: readonly string[],
  described: ReadonlyMap<string, Described>,
): Omit<Catalogue, 'absent'> {
  const found: WorkflowDescription[] = []
  const broken: BrokenWorkflow[] = []
  for (const file of files) {
    const one = described.get(file)
    if (one?.status === 'described') found.push(redactDescription(one.description))
    else if (one?.status === 'broken') broken.push({ ...one.broken, error: redactRecord(one.broken.error) })
    else if (one?.status === 'lost') broken.push({ file, error: redactRecord(errorToRecord(one.error)) })
  }
  return withoutDuplicates(found, broken)
}

/**
 * Redacts the known secrets in a description, because descriptions are written to state documents
 * and output. Names and files are not redacted, because programs rely on them.
 */
function redactDescription(description: WorkflowDescription): WorkflowDescription {
  const { summary, inputSchema } = description
  return {
    ...description,
    summary: knownSecrets.redact(summary),
    inputSchema: redactSchema(inputSchema),
  }
}

function withoutDuplicates(
  found: readonly WorkflowDescription[],
  broken: BrokenWorkflow[],
): Omit<Catalogue, 'absent'> {
  const byName = new Map<string, WorkflowDescription>()
  for (const workflow of found) {
    const first = byName.get(workflow.name)
    if (first === undefined) {
      byName.set(workflow.name, workflow)
      continue
    }
    const message = `The workflow name "${workflow.name}" is already used by ${first.file}. Choose another name.`
    broken.push({
      file: workflow.file,
      error: errorToRecord(new AutomateError('workflow-invalid', message, { facts: { first: first.file } })),
    })
  }
  return { workflows: [...byName.values()].sort((a, b) => a.name.localeCompare(b.name)), broken }
}
