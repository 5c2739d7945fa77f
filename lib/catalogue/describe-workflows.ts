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
  /** Ordered by name. */
  readonly workflows: WorkflowDescription[]
  readonly broken: BrokenWorkflow[]
  /** Missing folders; all folders if none has a module. */
  readonly absent: string[]
}

export interface DescribeOptions {
  /** Folders of workflow modules. A missing folder has none. */
  readonly folders: readonly string[]
  /** Time limit for loading one module. */
  readonly timeoutMs: number
  /**
   * The only requested workflow. A file of its name is read first, and reading ends once the
   * workflow is found.
   */
  readonly wanted?: string
  /**
   * Receives the partial catalogue once all quick modules are loaded, while the others are still
   * being read.
   */
  readonly onKnown?: (catalogue: Catalogue) => void
  /** Ends the reading. The result is then the partial catalogue. */
  readonly signal?: AbortSignal
  readonly clock?: Clock
}

/**
 * Time limit of a module's first load, so that a slow or blocking module does not delay the others.
 * The module is read again afterwards with the full limit.
 */
const QUICK_MS = 2_000

/**
 * Number of modules that are simultaneously read for the second time. A blocking module uses a
 * processor until its time is over.
 */
const LANES = 2

/**
 * Describes every workflow in the folders, in child processes, so that a module that throws,
 * blocks, exits or exports nonsense affects only itself. Of two workflows with one name, the first
 * is valid and the second is broken.
 * @throws `environment-unfit` if a child cannot be started at all.
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
 * Moves the file with the name of the requested workflow to the front, because that file usually
 * contains the workflow.
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
 * Reads modules one after the other, in one child for as many as it survives. Returns the lost
 * modules, because other modules in the child may be to blame.
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
      // An earlier module may have broken this module, which may be valid alone.
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

/** Reads one module in its own child, and once more if a signal kills that child. */
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
 * Redacts a description, because state documents and lines of output contain descriptions. Names
 * and files stay, because programs rely on them.
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
