import t from 'tap'
import { AT, richSnapshot } from '../../fixtures/console/snapshot.ts'
import { after, commandsOf, pressed, seen, textOf } from '../../fixtures/console/driven.ts'

t.test('cancels marked jobs together, after one question with their number', async t => {
  const [marked] = pressed(seen(), '2', 'space', 'space', 'down', 'space')
  t.same(marked.marked.jobs, ['134', '133', '131'])
  t.match(textOf(marked), '3 marked')
  t.match(textOf(marked), /\* ○ queued +#134/)
  const [asked, none] = pressed(marked, 'x')
  t.match(textOf(asked), 'Cancel 3 marked jobs?')
  t.same(none, [])
  t.same(pressed(asked, 'enter')[1], [], 'the default keeps the jobs')
  const [done, effects] = pressed(asked, 'down', 'enter')
  t.same(commandsOf(effects), [{ type: 'jobs.cancel', ids: [134, 133, 131] }])
  t.same(done.marked.jobs, [])
})

t.test('asks only about the marked jobs that the action fits', async t => {
  const marks = ['2', 'G', 'space', 'up', 'space', 'g', 'space']
  const [asked] = pressed(seen(), ...marks, 'r')
  t.match(asked.dialog, { type: 'marked', verb: 'retry', ids: [124, 125], left: 1 })
  t.match(textOf(asked), 'Run 2 marked jobs again?')
  t.match(textOf(asked), '1 other marked job is not changed.')
  const [refused, effects] = pressed(seen(), '2', 'space', 'r')
  t.same(effects, [])
  t.match(refused.activity.at(-1)?.text, /None of the marked jobs/)
})

t.test('marks on crashes select their jobs, each once', async t => {
  const [asked] = pressed(seen(), '5', 'space', 'space', 'space', 'r')
  t.match(asked.dialog, { type: 'marked', ids: [101, 127], left: 1 })
  const [, retried] = pressed(asked, 'down', 'enter')
  t.same(commandsOf(retried), [{ type: 'jobs.retry', ids: [101, 127] }], 'the oldest is first')
})

t.test('a mark follows its row, ends with it, and is removed by Space or Esc', async t => {
  const [marked] = pressed(seen(), '2', 'space', 'space')
  const jobs = richSnapshot().jobs.filter(({ id }) => id !== 134)
  const [fewer] = after(marked, { type: 'snapshot', at: AT, snapshot: richSnapshot({ jobs }) })
  t.same(fewer.marked.jobs, ['133'])
  t.same(pressed(marked, 'up', 'space')[0].marked.jobs, ['134'])
  const [cleared] = pressed(marked, 'escape')
  t.same(cleared.marked.jobs, [])
  t.equal(cleared.screen, 'jobs')
  t.equal(pressed(cleared, 'escape')[0].screen, 'dashboard')
})
