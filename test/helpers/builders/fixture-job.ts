import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import { describeWorkflow } from '../../../lib/authoring/describe.ts'
import { isWorkflow } from '../../../lib/authoring/workflow-runtime.ts'
import type { RunnableWorkflow } from '../../../lib/authoring/workflow-runtime.ts'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { domainInInput } from '../../../lib/model/job/domains.ts'
import type { JobRequest } from '../../../lib/model/job/job.ts'
import { registerSelfImport } from '../../../lib/loader/child/self-import.ts'

/** Folder of the workflows for the journey tests. */
export const FIXTURES = fileURLToPath(new URL('../../fixtures/journeys', import.meta.url))

const Module = z.object({ default: z.custom<RunnableWorkflow>(isWorkflow) })

export function isFixture(name: string): boolean {
  return existsSync(join(FIXTURES, `${name}.ts`))
}

/** Returns the request that `automate-tui enqueue` would make for a workflow of `FIXTURES`. */
export async function fixtureJob(name: string, input: Readonly<Record<string, Json>>): Promise<JobRequest> {
  const file = join(FIXTURES, `${name}.ts`)
  registerSelfImport()
  const { default: workflow } = Module.parse(await import(pathToFileURL(file).href))
  const description = describeWorkflow(workflow, file)
  const { workers, retries } = description
  return {
    ...{ workflow: name, input, workers, retries, priority: 0, origin: 'cli' },
    domains: domainInInput(description, input),
  }
}

/** Returns the values as `--input` would parse them. */
export function fieldsAsJson(fields: Readonly<Record<string, string | number>>): Record<string, Json> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, asJson(value)]))
}

function asJson(value: string | number): Json {
  try {
    return z.json().parse(JSON.parse(String(value)))
  } catch {
    return value
  }
}
