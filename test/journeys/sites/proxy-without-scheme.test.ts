import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { filesWith } from '../../helpers/leak-scan.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

const SECRET = 'hunter2-without-a-scheme'

/** Addresses in the forms that sellers of proxies use. */
const ADDRESSES = [`ann:${SECRET}@proxy.example:8080`, `proxy.example:8080:ann:${SECRET}`]

const COMMANDS = [
  ...[['config'], ['config', '--json'], ['doctor', '--json'], ['proxies']],
  ...[
    ['--no-tui', '--until-idle'],
    ['enqueue', 'through-proxy', '--input', 'url=http://127.0.0.1:9/'],
  ],
]

const REFUSAL =
  /"proxies" in (?:AUTOMATE_PROXIES \(\.env\)|AUTOMATE_PROXIES \(environment\)|automate\.config\.ts): must be addresses that begin with/

t.test('refuses a proxy address without a scheme, and shows nothing of it', async t => {
  for (const text of ADDRESSES) {
    const places: Readonly<Record<string, () => [JourneyProject, Readonly<Record<string, string>>]>> = {
      '.env': () => [
        new JourneyProject(t, newFolder(), { files: { '.env': `AUTOMATE_PROXIES='${text}'\n` } }),
        {},
      ],
      'automate.config.ts': () => [new JourneyProject(t, newFolder(), { settings: { proxies: text } }), {}],
      environment: () => [new JourneyProject(t, newFolder()), { AUTOMATE_PROXIES: text }],
    }
    for (const [place, projectIn] of Object.entries(places)) {
      const [project, env] = projectIn()
      for (const command of COMMANDS) {
        const { code, stdout, stderr } = await project.run(command, { env })
        const name = `${command.join(' ')} with ${place}`
        const output = stdout + stderr
        t.equal(code, 2, name)
        t.match(command.includes('--json') ? output.replaceAll('\\"', '"') : output, REFUSAL, name)
        t.notMatch(output, /hunter2|ann:|proxy\.example/, name)
      }
      t.strictSame(
        filesWith(project.root, SECRET).filter(file => file !== place),
        [],
      )
    }
  }
})

t.test('a running scheduler refuses such an address too, and continues', async t => {
  const [address = ''] = ADDRESSES
  const project = new JourneyProject(t, newFolder(), { files: { '.env': '' } })
  const scheduler = await project.schedule()
  writeFileSync(join(project.root, '.env'), `AUTOMATE_PROXIES='${address}'\n`)
  await scheduler.says('The changed configuration cannot be used, so the previous one remains in use')
  scheduler.signal('SIGTERM')
  const { stdout, stderr } = await scheduler.ended
  t.notMatch(stdout + stderr, /hunter2|proxy\.example/)
  t.strictSame(filesWith(project.root, SECRET), ['.env'])
})

t.test('uses an existing file of proxies even if its name looks like an address', async t => {
  const name = 'ann@june.txt'
  const project = new JourneyProject(t, newFolder(), {
    files: { '.env': `AUTOMATE_PROXIES=${name}\n`, [name]: 'http://127.0.0.1:9\n' },
  })
  t.match(await project.run(['config']), { code: 0, stdout: name })
  t.match(await project.run(['proxies']), { code: 0, stdout: 'http://127.0.0.1:9' })
  writeFileSync(join(project.root, '.env'), 'AUTOMATE_PROXIES=none/of-these.txt\n')
  t.match(await project.run(['proxies']), { code: 2, stderr: /none.of-these\.txt cannot be read/ })
})
