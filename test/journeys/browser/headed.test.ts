import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late']

t.test('headed browsers whose windows nobody can see exit with 4 and name the remedy', async t => {
  const shell = join(newFolder(), 'chrome-headless-shell')
  writeFileSync(shell, '', { mode: 0o755 })
  const ways = [
    ['--no-tui', '--until-idle', '--headed'],
    ['run', 'succeeds-late', '--input', 'at=1', '--headed'],
    ['worker', 'succeeds-late', '--input', 'at=1', '--headed'],
    ['doctor', '--headed'],
  ]
  const refused = async (args: readonly string[], env: Record<string, string>, says: RegExp) => {
    const project = new JourneyProject(t, newFolder(), { workflows })
    const { code, stdout, stderr } = await project.run(args, { env })
    t.equal(code, 4, args.join(' '))
    t.match(`${stdout}${stderr}`.replaceAll(/\s+/g, ' '), says)
  }
  for (const args of ways) {
    const screen = { DISPLAY: ':99', AUTOMATE_BROWSER: shell }
    await refused(
      args,
      screen,
      /chrome-headless-shell has no windows\..*Install Google Chrome .* omit --headed/,
    )
  }
  if (process.platform !== 'linux') return
  const none = { DISPLAY: '', WAYLAND_DISPLAY: '' }
  const nowhere = /there is no screen.* DISPLAY nor WAYLAND_DISPLAY .*Start automate-tui on a screen/
  await Promise.all(ways.map(args => refused(args, none, nowhere)))
  const setting = { ...none, AUTOMATE_HEADLESS: 'false' }
  await refused(['worker', 'succeeds-late', '--input', 'at=1'], setting, nowhere)
})
