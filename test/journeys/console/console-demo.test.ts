import t from 'tap'
import { newFolder } from '../../helpers/store/project.ts'
import { LiveConsole } from '../../helpers/terminal/live-console.ts'

t.test('shows the demo key by key at 80×24', async t => {
  const console = new LiveConsole(t, ['--root', newFolder(), 'demo'], [80, 24])

  t.comment('the dashboard: services, live workers with their phase and step, queue, log')
  await console.see(/scheduler +● running/)
  await console.see(/janitor +● running/)
  await console.see(/● working +#1·\d\/3 .* [12]\/2 [a-z_]+/)
  await console.see(/running +[1-3]/)
  await console.see(/phase 1\/[26]/)
  console.look()

  t.comment('one worker in detail')
  await console.pressed(['g', 'enter'], 'Phases #1·')
  await console.see(/[12]\/2 discover_/)
  await console.see(/logs\/\d\d-\d\d-\d{4}\/w/)
  await console.pressed(['escape'], 'Crashes ─')

  t.comment('help shows every key, and a key changes the language')
  await console.pressed(['?'], 'Cancel the job, or all marked; asks first')
  await console.pressed(['escape'], 'Crashes ─')
  await console.pressed(['l'], /Servizi .*\n.*scheduler +● attivo/)
  await console.pressed(['2'], /cheapest-offer/)
  const italian = await console.see('riuscito')
  t.notMatch(italian.join('\n'), /\b(?:running|queued|succeeded|Jobs|Help)\b/)
  await console.pressed(['l'], 'language: English')

  t.comment('the jobs end, each with its state')
  await console.see(screen => screen.filter(row => row.includes('✓ succeeded')).length === 3)
  await console.pressed(['4'], 'Job 3 (place-order) succeeded.')
  await console.pressed(['5'], 'There are no crashes.')
  await console.pressed(['1'], '3 done')

  t.comment('the terminal has any size')
  console.terminal.resize(40, 10)
  await console.see(screen => screen.length === 10 && screen[0]?.startsWith(' Dashboard') === true)
  console.terminal.resize(80, 24)
  await console.see('1 Dashboard')

  t.comment('nothing runs any more, so quitting does not ask')
  await console.idle()
  console.look().press('q')
  await console.ended(t)
})
