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
  /** By name. */
  readonly workflows: WorkflowDescription[]
  readonly broken: BrokenWorkflow[]
  /** Folders that do not exist, and all of them where none has a module. */
  readonly absent: string[]
}

export interface DescribeOptions {
  /** Folders of workflow modules; one that does not exist has none. */
  readonly folders: readonly string[]
  /** How long one module may take to load. */
  readonly timeoutMs: number
  /** The one workflow that is asked for: a file of its name is read first, and reading ends when it is found. */
  readonly wanted?: string
  /** Hears what is known once all modules that load quickly are; the others are still being read then. */
  readonly onKnown?: (catalogue: Catalogue) => void
  /** Ends the reading: what is known by then is the answer. */
  readonly signal?: AbortSignal
  readonly clock?: Clock
}

/** What a module that is slow, or blocks, may cost those after it; it is read again afterwards, with all the time that it may have. */
const QUICK_MS = 2_000

/** How many modules are read at once for the second time: each that blocks keeps a processor busy until its time is over. */
const LANES = 2

/**
 * Describes every workflow in the folders, in child processes: a module that throws, blocks, exits or exports nonsense costs itself alone.
 * Of two workflows of one name the first stands and the second is broken.
 * Thrown with code `environment-unfit` when a child cannot be started at all.
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

/** Whoever asks for one workflow is not to wait for all others: mostly its file has its name. */
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

/** Reads modules one after the other, in one child for as many as it survives. Gives those that were lost in it: what others left running may be to blame. */
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
      // One that was loaded before may have changed what this one is built on: alone it may be good.
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

/** Reads one module in a child of its own, and once more when a signal kills that. */
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

/** State documents and lines of output hold descriptions. Names and files stay: programs go by them. */
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
    const message = `The workflow name "${workflow.name}" is taken by ${first.file}. Give this one another name.`
    broken.push({
      file: workflow.file,
      error: errorToRecord(new AutomateError('workflow-invalid', message, { facts: { first: first.file } })),
    })
  }
  return { workflows: [...byName.values()].sort((a, b) => a.name.localeCompare(b.name)), broken }
}
