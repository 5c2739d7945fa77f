import t from 'tap'
import type { Test } from 'tap'
import { filesWith } from '../../helpers/leak-scan.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { LiveConsole } from '../../helpers/terminal/live-console.ts'
import type { Environment, Size } from '../../helpers/terminal/live-console.ts'
import { PERSON_PAGE } from '../../helpers/sites/person-page.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/**
 * Colours of the page's button, before and after the click, and of its field, in a terminal with
 * 256 colours.
 */
const RED = 160
const GREEN = 40
const BLUE = 20

async function called(
  t: Test,
  size: Size,
  env: Environment = {},
  workflow: 'asks-a-person' | 'asks-for-a-code' = 'asks-a-person',
) {
  const keys = newFolder()
  process.env['XDG_DATA_HOME'] = keys
  process.env['LOCALAPPDATA'] = keys
  const site = await gatedSite(PERSON_PAGE)
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['asks-a-person', 'asks-for-a-code'] })
  const console = new LiveConsole(t, ['--root', project.root], size, env)
  await console.see(/scheduler +● /)
  const store = await openTestStore(t, project.paths, 'transient')
  const request = {
    workflow,
    input: workflow === 'asks-a-person' ? { url: site.url } : {},
    workers: 1,
    retries: 0,
    origin: 'test',
  }
  const { id } = await store.call('jobs.enqueue', request)
  const ended = () =>
    until('the end of the job', async () => {
      const job = await store.call('jobs.read', { id })
      return job !== null && job.endedAt !== null ? job : undefined
    })
  return { project, console, ended }
}

/** Returns the cells of the terminal that have a colour in their lower half. */
const cellsOf = (console: LiveConsole, colour: number) =>
  console.terminal
    .cells()
    .flatMap((line, row) =>
      line.flatMap((cell, column) => (cell.background === colour ? [{ column, row }] : [])),
    )

const middle = <T>(list: readonly T[]): T | undefined => list[Math.floor(list.length / 2)]

t.test(
  'an operator gets a call, clicks and types in the picture of the page, and resumes the worker',
  async t => {
    const { console, ended } = await called(t, [120, 40])
    await console.see(/◆ needs you .*2\/3 Press the button/)
    await console.see('◆ 1 waits for you')
    t.ok(console.terminal.output().includes('\u0007'), 'the bell rings')

    await console.pressed(['2'], /◆ needs you +#1 /)
    await console.pressed(['1'], /◆ needs you .*2\/3 Press the button/)

    await console.pressed(['v'], /Page of #1.*◆ waits for you: Press the button/s)
    const button = await until('the red button', () => middle(cellsOf(console, RED)))
    console.terminal.click(button.column, button.row)
    await console.see('clicked on the page of job 1 → done')
    await until('the green button', () => cellsOf(console, GREEN).length > 10)

    const field = await until('the blue field', () =>
      middle(cellsOf(console, BLUE).filter(({ column }) => column === button.column)),
    )
    console.press(...Array.from({ length: field.row - button.row }, () => 'down'), 'enter')
    await console.pressed(['i'], 'TYPING: every key goes to the page')
    for (const key of ['b', 'a', 'backspace', 'q', 'space', '1']) console.press(key)
    console.terminal.paste(' & more')
    await console.pressed(['escape'], 'no longer typing into the page')
    await console.pressed(['p'], /asked the worker of job 1 to go on → done|has ended/)
    t.match(await ended(), { state: 'succeeded', result: { reply: 'done', page: 'pressed bq 1 & more' } })

    await console.idle()
    console.press('q')
    await console.ended(t)
  },
)

t.test('input after another operator has ended the wait is no command and is not shown', async t => {
  const { project, console, ended } = await called(t, [100, 30])
  await console.see(/◆ needs you/)
  await console.pressed(['v'], /Page of #1.*◆ waits for you: Press the button/s)
  await until('the red button', () => middle(cellsOf(console, RED)))
  await console.pressed(['i'], 'TYPING: every key goes to the page')
  t.equal((await project.run(['takeover', 'resume', '1'])).code, 0)
  await console.see(
    /Keys have no effect: the page (continues by itself|accepts none now)\. Esc ends typing\./,
  )
  t.match(await ended(), { state: 'succeeded' })
  for (const key of '1x/:Geheim') console.press(key)
  console.terminal.paste('Geheim99')
  await console.pressed(['escape'], 'no longer typing into the page')
  await console.see('Page of #1')
  t.notMatch(console.terminal.output(), 'Geheim')
})

t.test('shows a grey page without colours, and asks before a refusal', async t => {
  const { console, ended } = await called(t, [80, 24], { NO_COLOR: '1', AUTOMATE_LANGUAGE: 'it' })
  await console.see('◆ aspetta te')
  await console.pressed(['enter', 'v'], /[░▒▓█]{5}/)
  await console.pressed(['F'], 'Far fallire la fase del lavoro 1?')
  await console.pressed(['enter'], 'nessuna modifica')
  await console.pressed(['F', 'down', 'enter'], 'chiesto di far fallire')
  t.match(await ended(), {
    state: 'failed',
    error: { code: 'hard-fail', message: /un operatore l'ha terminata/ },
  })
})

t.test('skips a request of a worker from the dashboard', async t => {
  const { console, ended } = await called(t, [100, 30])
  await console.see('◆ needs you')
  await console.pressed(['S'], 'to continue without a person → done')
  t.match(await ended(), { state: 'succeeded', result: { reply: 'skipped' } })
})

t.test("a form answers a worker's question masked, and the answer is in no file", async t => {
  const { project, console, ended } = await called(t, [80, 24], {}, 'asks-for-a-code')
  await console.see(/◆ needs you .*1\/1 The code/)
  await console.pressed(['p'], /Answer job 1.*The code of the message.*› code \*.*Six digits/s)
  for (const key of '12345') console.press(key)
  await console.pressed(['enter'], /! •••••.*! .*Enter sends/s)
  console.press('6', 'down', 'left')
  await console.pressed(['enter'], 'sent the answer to the worker of job 1 → done')
  t.match(await ended(), { state: 'succeeded', result: { digits: 6, trust: true } })
  t.notMatch(console.terminal.output(), '123456')
  t.same(filesWith(project.root, '123456'), [])
})
