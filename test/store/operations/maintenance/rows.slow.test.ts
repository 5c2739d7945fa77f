import t from 'tap'
import { z } from 'zod'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { enqueue } from '../../../helpers/store/job-store.ts'
import { JourneyProject } from '../../../helpers/store/journey-project.ts'
import { newFolder, openTestStore } from '../../../helpers/store/project.ts'

const Check = z.object({ ok: z.boolean(), problems: z.array(z.string()) })

t.test('names a damaged row with its field and the remedy, and still claims other jobs', async t => {
  const project = new JourneyProject(t, newFolder())
  const first = await openTestStore(t, project.paths, 'transient')
  const damaged = await enqueue(first)
  const good = await enqueue(first)
  const waits = await enqueue(first, { after: [damaged] })
  await first.close()
  const db = await FileDatabase.open(project.paths.database)
  db.run("UPDATE jobs SET domains = '{', input = 'x' WHERE id = $damaged", { damaged })
  db.close()

  const check = await project.run(['db', 'check', '--json'])
  t.equal(check.code, 4)
  const { ok, problems } = Check.parse(JSON.parse(check.stdout))
  t.notOk(ok)
  t.match(problems, [
    `Row ${damaged} of table jobs is not valid: "input": the column does not contain JSON; "domains": the column does not contain JSON. Read it with "automate-tui db rows jobs"`,
  ])
  const { code, stdout } = await project.run(['db', 'check'])
  t.equal(code, 4)
  t.match(stdout, `The database has 1 problem:\n  Row ${damaged} of table jobs is not valid: `)
  const asked = await project.run(['jobs', String(damaged)])
  t.equal(asked.code, 2)
  t.match(asked.stderr, /"input": the column does not contain JSON.*db check/)
  t.notMatch(asked.stderr, /\n {4}at /)

  const store = await openTestStore(t, project.paths, 'scheduler')
  const claimable = async () => (await store.call('jobs.claimable', { limit: 10 })).map(({ id }) => id)
  t.same(await claimable(), [good])
  t.match(await store.call('rows.tend', {}), [{ table: 'jobs', key: String(damaged) }])
  t.match(await store.call('jobs.counts', {}), { queued: 1, failed: 1, cancelled: 1 })
  t.match(await store.call('jobs.read', { id: waits }), { state: 'cancelled' }, 'the dependent is cancelled')
  t.same(await store.call('rows.tend', {}), [], 'the row is reported once')
  t.match(await store.call('crashes.list', {}), [{ jobId: damaged, errorCode: 'document-invalid' }])
})
