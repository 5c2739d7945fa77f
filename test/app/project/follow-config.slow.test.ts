import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { followConfig } from '../../../lib/app/project/follow-config.ts'
import { openProject } from '../../../lib/app/project/project.ts'
import type { ControlSettings } from '../../../lib/control/control-settings.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { newProject } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** Longer than the time after which a file counts as at rest. */
const AT_REST_MS = 1_000

t.test('workers that start after a change of `.env` get its new values', async t => {
  const { root } = newProject()
  const file = (name: string, text: string) => writeFileSync(join(root, name), text)
  const { SHOP_PASSWORD, SHOP_GONE, PATH } = process.env
  t.teardown(() => Object.assign(process.env, { PATH }))
  t.same([SHOP_PASSWORD, SHOP_GONE], [undefined, undefined])
  file('automate.config.ts', 'export default {}\n')
  const logins = (passwordEnv: string) =>
    `AUTOMATE_CREDENTIALS='[{"origin":"https://shop.example","username":"me","passwordEnv":"${passwordEnv}"}]'\n`
  file(
    '.env',
    `SHOP_PASSWORD=old-password\nSHOP_GONE=yes\nPATH=nowhere\n${logins('SHOP_LOGIN')}SHOP_LOGIN=old-login\n`,
  )
  const project = await openProject({ root })
  t.match(process.env, { SHOP_PASSWORD: 'old-password', SHOP_GONE: 'yes', PATH })
  t.equal(process.env['SHOP_LOGIN'], undefined, 'the variable is only for the program')

  const clock = new FakeClock()
  const log = new RecordingLog()
  let applied: ControlSettings | null = null
  const apply = (settings: ControlSettings) => {
    applied = settings
    return Promise.resolve()
  }
  const follower = followConfig({ project, control: { apply }, log, clock })
  t.teardown(() => follower.close())
  const written = async (text: string, fact: () => boolean) => {
    file('.env', text)
    await until('the change to be noticed', () => {
      // The watch does not report its start, and ignores writes before it. So the file is written
      // repeatedly.
      if (clock.waiting === 0) file('.env', text)
      return clock.waiting > 0
    })
    clock.advance(AT_REST_MS)
    await until('the change to be taken over', fact)
  }

  const changed = `SHOP_PASSWORD=new-password\n${logins('SHOP_LOGIN')}SHOP_LOGIN=new-login\n`
  await written(changed, () =>
    log.lines.some(line => line.endsWith('after a restart of the scheduler: credentials.')),
  )
  t.match(applied, { environment: { SHOP_PASSWORD: 'new-password' } })
  t.same([process.env['SHOP_PASSWORD'], process.env['SHOP_GONE']], ['new-password', undefined])
  for (const secret of ['old-password', 'new-password', 'old-login', 'new-login']) {
    t.ok(
      follower.current.secrets().includes(secret),
      `${secret} stays known as a secret, because older workers still have it`,
    )
  }

  const broken = `SHOP_PASSWORD=other-password\n${logins('NONE')}`
  await written(broken, () => log.lines.some(line => /cannot be used, so.*NONE/.test(line)))
  t.equal(process.env['SHOP_PASSWORD'], 'new-password', 'an unusable file changes nothing')
})

t.test('temporarily missing files, and a file written before the watch, lose no change', async t => {
  const { root } = newProject()
  const config = join(root, 'automate.config.ts')
  const dotEnv = join(root, '.env')
  writeFileSync(config, 'export default { workers: 1 }\n')
  writeFileSync(dotEnv, 'SHOP_TOKEN=token-of-a-site\n')
  const project = await openProject({ root })
  writeFileSync(config, 'export default { workers: 3 }\n')

  const clock = new FakeClock()
  const log = new RecordingLog()
  const slots: number[] = []
  const apply = (settings: ControlSettings) => {
    slots.push(settings.slots)
    return Promise.resolve()
  }
  const follower = followConfig({ project, control: { apply }, log, clock })
  t.teardown(() => follower.close())
  /** Waits until a change is noticed and checked, and returns the lines logged for it. */
  const logged = async (what: string) => {
    const before = log.lines.length
    await until(`${what} to be noticed`, () => clock.waiting > 0)
    clock.advance(AT_REST_MS)
    await until(`${what} to be logged`, () => log.lines.length > before)
    return log.lines.slice(before)
  }
  t.match(await logged('the change while the scheduler started'), [/in use: workers = 3/])

  for (const [file, refusal] of [
    [config, /^error: .*cannot be used, so.*automate\.config\.ts is no longer in .*Put it back/],
    [dotEnv, /^error: .*cannot be used, so.*\.env is no longer in .*Put it back/],
  ] as const) {
    renameSync(file, `${file}.away`)
    t.match(await logged(`${file} gone`), [refusal])
    t.equal(process.env['SHOP_TOKEN'], 'token-of-a-site')
    renameSync(`${file}.away`, file)
    t.match(await logged(`${file} back`), [/^info: The configuration can be used again and is unchanged\.$/])
  }
  t.same(slots, [3, 3, 3], 'the settings of an empty configuration were never used')
})
