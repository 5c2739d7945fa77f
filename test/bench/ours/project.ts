import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const WORKFLOWS = join(import.meta.dirname, 'workflows')

/** Creates a project in an empty folder, with the bench's workflows. */
export function makeProject(
  root: string,
  options: { workers: number; browserPath: string; settings?: Readonly<Record<string, unknown>> },
): void {
  const config = {
    workers: options.workers,
    browser: options.browserPath,
    workflows: [WORKFLOWS],
    ...options.settings,
  }
  writeFileSync(join(root, 'automate.config.js'), `export default ${JSON.stringify(config)}\n`)
}

/** Returns the path of a workflow's module. */
export function workflowFile(name: 'read-page.js' | 'read-page-typed.ts' | 'wait-for-ever.js'): string {
  return join(WORKFLOWS, name)
}
