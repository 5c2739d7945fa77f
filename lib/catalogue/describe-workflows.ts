import { AutomateError, errorToRecord } from '../core/errors.ts'
import { systemClock } from '../core/clock.ts'
import type { Clock } from '../core/clock.ts'
import type { BrokenWorkflow, WorkflowDescription } from '../domain/workflow.ts'
import { DescribingChild } from './describing-child.ts'
import type { Described } from './describing-child.ts'
import { workflowFiles } from './workflow-files.ts'

export interface Catalogue {
  /** By name. */
  readonly workflows: WorkflowDescription[]
  readonly broken: BrokenWorkflow[]
}

export interface DescribeOptions {
  /** Folders of workflow modules; one that does not exist has none. */
  readonly folders: readonly string[]
  /** How long one module may take to load. */
  readonly timeoutMs: number
  readonly clock?: Clock
}

/**
 * Describes every workflow in the folders, in a child process: a module that throws, blocks, exits or exports nonsense costs itself alone.
 * Of two workflows of one name the first stands and the second is broken.
 * Thrown with code `environment-unfit` when the child cannot be started at all.
 */
export async function describeWorkflows(options: DescribeOptions): Promise<Catalogue> {
  const clock = options.clock ?? systemClock
  const files = [...new Set(options.folders.flatMap(workflowFiles))]
  const found: WorkflowDescription[] = []
  const broken: BrokenWorkflow[] = []
  const children = new Children(clock)
  try {
    for (const file of files) {
      const described = await children.describe(file, options.timeoutMs)
      if (described.status === 'described') found.push(described.description)
      else if (described.status === 'broken') broken.push(described.broken)
      else broken.push({ file, error: errorToRecord(described.error) })
    }
  } finally {
    children.end()
  }
  return withoutDuplicates(found, broken)
}

/** One child for as many modules as it survives. */
class Children {
  private readonly clock: Clock
  private current: DescribingChild | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** A module that is lost in a child which loaded others before is tried alone: what they left running may be to blame. */
  async describe(file: string, timeoutMs: number): Promise<Described> {
    for (;;) {
      const child = await this.child()
      const described = await child.describe(file, timeoutMs)
      if (described.status !== 'lost') return described
      this.end()
      if (child.asked === 1) return described
    }
  }

  end(): void {
    this.current?.kill()
    this.current = undefined
  }

  private async child(): Promise<DescribingChild> {
    if (this.current === undefined) {
      this.current = new DescribingChild(this.clock)
      await this.current.ready()
    }
    return this.current
  }
}

function withoutDuplicates(found: readonly WorkflowDescription[], broken: BrokenWorkflow[]): Catalogue {
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
