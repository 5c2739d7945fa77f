import { readdirSync } from 'node:fs'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late']

/** Root has no sandbox. Another user has a sandbox, which the argument turns off. */
const UNPROTECTED = process.getuid?.() === 0 ? {} : { AUTOMATE_BROWSER_ARGS: '--no-sandbox' }

const JOB = ['succeeds-late', '--input', 'at=1']

t.test('reports a start without a sandbox on stderr and in the log', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const { code, stderr } = await project.run(['--no-tui', '--until-idle'], { env: UNPROTECTED })
  t.equal(code, 0, stderr)
  t.match(stderr, /Browsers run without their sandbox/)
  const { stdout } = await project.run(['logs', '--json'])
  t.match(stdout, /Browsers run without their sandbox/)
})

t.test('starts no browser if the sandbox is required but unavailable', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const env = { ...UNPROTECTED, AUTOMATE_SANDBOX: 'required' }
  const starts = [['--no-tui', '--until-idle'], ['run', ...JOB], ['worker', ...JOB], ['doctor']]
  for (const args of starts) {
    const { code, stdout, stderr } = await project.run(args, { env })
    t.equal(code, 4, args.join(' '))
    t.match(`${stdout}${stderr}`, /No browser starts, because the setting "sandbox" is "required"/)
  }
  t.strictSame(readdirSync(project.paths.profiles), [], 'no Chrome got a profile')
})
