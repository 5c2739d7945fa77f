import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'
import { compiledPath, sourcePath } from '../ours/compiled.ts'
import { workflowFile } from '../ours/project.ts'
import { openOurs } from '../ours/store.ts'
import { timeWorkerStart } from '../ours/worker.ts'

/** Stops a worker that waits at a page that never loads, because it must not end by itself. */
async function run(options: BenchOptions, entry: string, file: string): Promise<Measurement> {
  const { scratch: root, browserPath } = options
  const url = `${options.pagesUrl}/never`
  const owner = await openOurs(root, 'transient')
  const measurement = await timeEach(options.starts, () =>
    timeWorkerStart(entry, { root, browserPath, file, url }),
  )
  await owner.close()
  return measurement
}

const COMPILED = compiledPath('lib/execution/worker.entry.js')
const SOURCES = sourcePath('lib/execution/worker/worker.entry.ts')

/** Our worker, from its fork until its page is ready and its workflow is loaded. */
export const automateTui: readonly Competitor[] = [
  {
    name: 'automate-tui worker, compiled',
    run: options => run(options, COMPILED, workflowFile('read-page.js')),
  },
  {
    name: 'automate-tui worker, TypeScript workflow',
    run: options => run(options, COMPILED, workflowFile('read-page-typed.ts')),
  },
  {
    name: 'automate-tui worker, from the sources',
    run: options => run(options, SOURCES, workflowFile('read-page.js')),
  },
]
