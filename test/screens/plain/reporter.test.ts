import t from 'tap'
import type { JobSummary } from '../../../lib/domain/job.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'
import { PlainReporter } from '../../../screens/plain/reporter.ts'
import type { Snapshot } from '../../../screens/snapshot.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { newProject, openTestStore } from '../../helpers/project.ts'

t.test('a result that cannot be read is said, and those after it are told', async t => {
  const store = await openTestStore(t, newProject(), 'scheduler')
  const { id } = await store.call('jobs.enqueue', {
    ...{ workflow: 'visits', input: {}, workers: 1, retries: 0, origin: 'test' },
  })
  const [job] = richSnapshot().jobs
  if (job === undefined) throw new Error('the snapshot has no job')
  const ended = (id: number, state: JobSummary['state']): JobSummary => ({ ...job, id, state })
  const jobs = [ended(id, 'succeeded'), ended(2 ** 53, 'succeeded'), ended(7, 'failed')]
  const listeners = new Set<(snapshot: Snapshot) => void>()
  const lines: string[] = []
  const untold: number[] = []
  const reporter = new PlainReporter(
    {
      current: richSnapshot({ jobs: [] }),
      subscribe: listener => (listeners.add(listener), () => listeners.delete(listener)),
    },
    store,
    {
      words: translatorFor('en').words,
      write: line => lines.push(line),
      untold: job => untold.push(job.id),
    },
  )
  for (const hear of listeners) hear(richSnapshot({ jobs }))
  await reporter.finish(richSnapshot({ jobs }))
  t.same(untold, [2 ** 53], 'no number of a job')
  t.match(lines.join('\n'), new RegExp(`#?${id}\\b.*result`, 'i'))
  t.equal(reporter.failed, 1, 'each end counts once')
})
