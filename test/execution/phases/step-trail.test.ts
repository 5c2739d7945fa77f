import t from 'tap'
import { StepTrail } from '../../../lib/execution/phases/step-trail.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'

function begin() {
  const clock = new FakeClock()
  const shown: string[] = []
  const trail = new StepTrail(clock, path => shown.push(path))
  return { clock, shown, trail, step: trail.step }
}

t.test('steps nest, and an outer step continues after its inner one has ended', async t => {
  const { clock, shown, trail, step } = begin()
  step('open')
  clock.advance(10)
  const value = await step('cart', () => {
    clock.advance(5)
    step('button')
    clock.advance(7)
    return 42
  })
  step('pay')
  clock.advance(1)
  t.equal(value, 42)
  t.same(shown, ['open', 'cart', 'cart > button', '', 'pay'])
  t.same(
    trail.end(false).steps?.map(({ path, startedAt, endedAt }) => [path, endedAt - startedAt]),
    [
      ['open', 10],
      ['cart', 12],
      ['cart > button', 7],
      ['pay', 1],
    ],
  )
})

t.test('parallel steps do not mix their paths', async t => {
  const { shown, step } = begin()
  const gate = Promise.withResolvers<undefined>()
  const both = ['left', 'right'].map(side =>
    step(side, async () => {
      await gate.promise
      step('inner')
    }),
  )
  gate.resolve(undefined)
  await Promise.all(both)
  t.same(shown.slice(0, 2), ['left', 'right'])
  t.ok(shown.includes('left > inner') && shown.includes('right > inner'))
})

t.test('a failed step stays visible, and its error is rethrown', async t => {
  const { shown, trail, step } = begin()
  const fails = step('cart', () =>
    step('button', () => {
      throw new Error('gone')
    }),
  )
  await t.rejects(fails, { message: 'gone' })
  t.equal(shown.at(-1), 'cart > button')
  t.ok(trail.end(true).steps?.every(({ failed }) => failed))
})

t.test('keeps the last steps of a flood, with the step around them', async t => {
  const { trail, step } = begin()
  await step('all', () => {
    for (let n = 1; n <= 200; n++) step(`item ${n}`)
  })
  const { steps, stepsLeftOut } = trail.end(false)
  t.equal(steps?.length, 50)
  t.equal(stepsLeftOut, 151)
  t.same([steps?.[0]?.path, steps?.at(-1)?.path], ['all', 'all > item 200'])
})

t.test('cuts the beginning of a path that is too long', async t => {
  const { shown, step } = begin()
  await step('a'.repeat(150), () => step('b'.repeat(150)))
  t.match(shown[1], /^…a+ > b{150}$/)
  t.equal(shown[1]?.length, 200)
})
