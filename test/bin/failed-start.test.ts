import t from 'tap'
import { z } from 'zod'
import { FileDatabase } from '../../lib/store/engine/database.ts'
import { JourneyProject } from '../helpers/journey-project.ts'
import { messageServer } from '../helpers/message-server.ts'
import { newFolder } from '../helpers/project.ts'

t.test('a restarted scheduler that cannot start reports it on the channels and fails', async t => {
  const server = await messageServer(t)
  server.otherwise = { status: 200 }
  const project = new JourneyProject(t, newFolder())
  await project.enqueue('succeeds-late', { at: 1 })
  const database = await FileDatabase.open(project.paths.database)
  database.run(`INSERT INTO migrations SELECT number + 1, 'later.sql', checksum, applied_at
    FROM migrations ORDER BY number DESC LIMIT 1`)
  database.close()
  const start = (more: Readonly<Record<string, string>>) =>
    project.run(['--no-tui'], {
      env: { AUTOMATE_NOTIFY: JSON.stringify({ webhook: { url: `${server.url}/hook` } }), ...more },
    })

  // The version before hands over in the environment, because the system executes the new one in its place.
  const { code, stderr } = await start({
    RESTARTED_AUTOMATE_TUI: JSON.stringify({ from: '0.9.0', failed: 0 }),
  })
  t.equal(code, 4, stderr)
  t.equal(server.requests.length, 1)
  const sent = z
    .object({ text: z.string(), notice: z.unknown() })
    .parse(JSON.parse(server.requests[0]?.body ?? ''))
  t.match(sent.notice, { kind: 'restart-failed', from: '0.9.0', reason: /newer/ })
  t.match(sent.text, /automate-tui/)

  t.equal((await start({})).code, 4)
  t.equal(server.requests.length, 1, 'an ordinary start leaves the report to its terminal')
})
