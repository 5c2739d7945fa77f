import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** Secret that only the setting `secrets` marks, because the name of its variable does not. */
const SECRET = 'canary-in-a-setting'
const ENV = { AUTOMATE_SECRETS: 'FOO', FOO: SECRET }

const SETTINGS: Readonly<Record<string, string>> = {
  AUTOMATE_BROWSER: `/no/${SECRET}`,
  AUTOMATE_BROWSER_ARGS: `--x=${SECRET},--proxy-server=http://ann:hunter2@proxy.example`,
  AUTOMATE_WORKFLOWS: SECRET,
  AUTOMATE_BACKUP_FOLDER: `data/${SECRET}`,
  AUTOMATE_DOMAIN_WORKERS: `${SECRET}.example=2`,
  AUTOMATE_PROXIES: `${SECRET}.txt`,
  AUTOMATE_CREDENTIALS: JSON.stringify([{ origin: 'http://a.example', username: SECRET, password: 'p' }]),
  AUTOMATE_NOTIFY: JSON.stringify({ webhook: { url: `https://${SECRET}.example/x` } }),
  AUTOMATE_SCHEDULES: JSON.stringify([{ name: SECRET, workflow: SECRET, every: '1h' }]),
}

t.test('no command prints a known secret in any setting', async t => {
  const project = new JourneyProject(t, newFolder())
  const env = { ...ENV, ...SETTINGS }
  for (const command of [['config'], ['config', '--json'], ['doctor'], ['doctor', '--json'], ['proxies']]) {
    const { stdout, stderr } = await project.run(command, { env })
    t.notMatch(stdout + stderr, /canary|hunter2/, command.join(' '))
    if (command[0] !== 'config') continue
    t.match(stdout, '--x=***', command.join(' '))
    t.match(stdout, '--proxy-server=http://•••@proxy.example', command.join(' '))
  }
})

t.test('a refused configuration is reported without the secrets that it names', async t => {
  const project = new JourneyProject(t, newFolder(), { settings: { secrets: ['FOO'] } })
  const env = { FOO: SECRET, AUTOMATE_DOMAIN_WORKERS: `${SECRET}=many` }
  const commands = [['config'], ['doctor'], ['doctor', '--json'], ['worker', 'visits', '--json']]
  for (const command of commands) {
    const { code, stdout, stderr } = await project.run(command, { env })
    t.equal(code, 2, command.join(' '))
    t.match(stdout + stderr, '***=many', command.join(' '))
    t.notMatch(stdout + stderr, 'canary', command.join(' '))
  }
})
