import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../../lib/core/time/clock.ts'
import { openBrowser } from '../../../../lib/execution/browser/launch/open-browser.ts'
import { browserFolders } from '../../../helpers/sites/browser-folders.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { testBrowser } from '../../../helpers/processes/worker-run.ts'

// With the session bus Chrome would let systemd move Chrome out of its service. A test of that move
// needs systemd, but a test of the environment does not.
t.test('a browser without windows gets no session bus', { skip: process.platform !== 'linux' }, async t => {
  const folder = newFolder()
  const [launcher, seen] = [join(folder, 'browser.sh'), join(folder, 'environment')]
  const launch = testBrowser()
  // Distributions start their browsers through a script, too.
  writeFileSync(launcher, `#!/bin/sh\nenv > '${seen}'\nexec '${launch.executable}' "$@"\n`, { mode: 0o700 })
  process.env['DBUS_SESSION_BUS_ADDRESS'] = 'unix:path=/run/user/1000/bus'

  const browser = openBrowser(
    { launch: { ...launch, executable: launcher }, ...browserFolders(folder) },
    systemClock,
  )
  t.teardown(() => browser.close())
  await browser.opened

  const variables = readFileSync(seen, 'utf8').split('\n')
  t.strictSame(
    variables.filter(variable => variable.startsWith('DBUS_SESSION')),
    ['DBUS_SESSION_BUS_ADDRESS=disabled:'],
  )
  t.ok(variables.includes(`PATH=${process.env['PATH'] ?? ''}`), 'the other variables are unchanged')
})
