import type { Json } from '../../core/errors/errors.ts'
import type { Domain } from '../../model/job/domains.ts'
import { domainInInput } from '../../model/job/domains.ts'
import { JobId } from '../../model/job/job.ts'
import { JsonValue } from '../../model/json.ts'
import type { RowKey } from '../../model/table.ts'
import type { WorkflowDescription } from '../../model/job/workflow.ts'
import { findWorkflow, requireInput } from './job-input.ts'
import type { Project } from '../project/project.ts'
import type { StoreCalls } from '../project/with-store.ts'

/** Values that a person typed into columns of a row. */
export interface TypedRow {
  readonly table: string
  readonly key: RowKey
  readonly values: Readonly<Record<string, string | null>>
}

/**
 * Checks a job's new input and derives the domains that the input leads to, as `enqueue` does,
 * because the limits of sites depend on them.
 */
export class InputDomains {
  private readonly project: Project
  private readonly workflows = new Map<string, Promise<WorkflowDescription>>()

  constructor(project: Project) {
    this.project = project
  }

  /**
   * Returns the domains of the new input; none if the change is not to the input of a job.
   * @throws `input-invalid` if the workflow does not accept the input.
   * @throws the errors of `findWorkflow`.
   */
  async of(store: StoreCalls, { table, key, values }: TypedRow): Promise<Domain[]> {
    const id = JobId.safeParse(key['id'])
    const input = inputIn(values['input'])
    if (table !== 'jobs' || !id.success || input === undefined) return []
    // A job with a damaged row has no summary. That is no error here, because the row can still be
    // corrected.
    const [job] = await store.call('jobs.summaries', { ids: [id.data] })
    if (job === undefined) return []
    const workflow = await this.workflow(job.workflow)
    requireInput(workflow, input)
    return domainInInput(workflow, input)
  }

  /** Returns a workflow's description. It is read once for all rows of a change. */
  private workflow(name: string): Promise<WorkflowDescription> {
    const known = this.workflows.get(name) ?? findWorkflow(this.project, name)
    this.workflows.set(name, known)
    return known
  }
}

/**
 * Returns the parsed input; undefined for invalid JSON, which the store refuses with an error that
 * names the column.
 */
function inputIn(text: string | null | undefined): Json | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return JsonValue.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
