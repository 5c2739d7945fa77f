import { closeSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { untilGone } from '../../helpers/processes/alive.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['visits']

const PAGE_BYTES = 4_096

const counter = (n: number): string => `${'x'.repeat(190)}${n}`

/**
 * Fills a database beyond the size up to which a start reads every page, so that the scheduler has
 * not read the page of a late counter. A backup is due at once.
 */
async function fill(path: string): Promise<void> {
  const database = await FileDatabase.open(path)
  database.exec('UPDATE migrations SET applied_at = 0')
  for (let n = 0; n < 2_000; n += 1)
    database.run('INSERT INTO counters (name, value) VALUES ($name, 1)', { name: counter(n) })
  database.exec('CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(20000000))')
  database.exec('DROP TABLE ballast')
  database.close()
}

/** Overwrites the page of a counter in the file that a scheduler has open. */
function damage(path: string): void {
  const at = readFileSync(path).indexOf(counter(1_500))
  const file = openSync(path, 'r+')
  writeSync(file, 'y'.repeat(PAGE_BYTES), at - (at % PAGE_BYTES))
  closeSync(file)
}

t.test(
  'a damaged database is notified with its newest intact backup, exits with 5, and can be restored',
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const [hook, telegram] = [await messageServer(t), await messageServer(t)]
    hook.otherwise = { status: 200 }
    const project = new JourneyProject(t, newFolder(), { workflows })
    const { database, data } = project.paths
    const env = {
      TELEGRAM: 'one:token',
      AUTOMATE_NOTIFY: JSON.stringify({
        webhook: { url: `${hook.url}/hook` },
        telegram: { tokenEnv: 'TELEGRAM', chat: 5, apiRoot: telegram.url },
      }),
    }
    const job = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
    await fill(database)
    const scheduler = project.start(['--no-tui', '--json'], { env })
    const { pid } = await project.atStep(job, 'page 1')
    const folder = join(data, 'backups')
    const backup = await until('a backup', () =>
      readdirSync(data).includes('backups')
        ? readdirSync(folder).find(name => name.endsWith('.db'))
        : undefined,
    )

    damage(database)
    const { code: asked } = await project.run(['db', 'rows', 'counters', '--filter', 'nothing'], { env })
    t.equal(asked, 5)
    const { code, stderr } = await scheduler.ended
    t.equal(code, 5, stderr)
    t.match(stderr, /is damaged and was not changed.*db restore <file>.*db new/)
    t.ok(stderr.includes(`Newest intact backup: ${join(folder, backup)}`), stderr)
    await untilGone([pid])
    t.equal(hook.requests.length, 1)
    t.match(JSON.parse(hook.requests[0]?.body ?? ''), {
      notice: { kind: 'database-damaged', path: database },
    })
    t.equal(telegram.requests.length, 1)
    const { path, body } = telegram.requests[0] ?? { path: '', body: '' }
    t.equal(path, '/botone:token/sendMessage')
    const Sent = z.object({ chat_id: z.string(), text: z.string() })
    const { chat_id: chat, text } = Sent.parse(JSON.parse(body))
    t.equal(chat, '5')
    t.match(text, /The database is damaged: the scheduler has stopped/)
    t.match(text, backup.slice(0, 20))

    t.equal(
      (await project.run(['--no-tui', '--until-idle'], { env })).code,
      5,
      'the exit code stays 5 until a person decides',
    )
    t.equal(telegram.requests.length, 1, 'the same damage is notified once')
    const restored = await project.run(['db', 'restore', join(folder, backup)])
    t.equal(restored.code, 0, restored.stderr)
    const next = project.start(['--no-tui', '--until-idle'], { env })
    await site.open('/gate-1')
    const end = await next.ended
    t.equal(end.code, 0)
    t.notMatch(end.stderr, 'damage-notice')
    t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id: job, state: 'succeeded' }])
  },
)
