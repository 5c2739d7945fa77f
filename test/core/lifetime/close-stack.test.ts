import t from 'tap'
import { CloseStack, openAll } from '../../../lib/core/lifetime/close-stack.ts'

t.test('closes resources one by one in reverse order, and only once', async t => {
  const closed: string[] = []
  const stack = new CloseStack()
  stack.defer(() => closed.push('store'))
  stack.defer(async () => {
    await Promise.resolve()
    closed.push('source')
  })
  await Promise.all([stack.close(), stack.close()])
  await stack.close()
  t.same(closed, ['source', 'store'])
})

t.test('reports a failed step after all other steps have run', async t => {
  const closed: string[] = []
  const stack = new CloseStack()
  stack.defer(() => closed.push('log'))
  stack.defer(() => Promise.reject(new Error('the disk is full')))
  await t.rejects(stack.close(), { message: 'the disk is full' })
  t.same(closed, ['log'])
})

t.test('closes resources after a failed opening, and throws the error of the opening', async t => {
  const closed: string[] = []
  const opening = openAll(async opened => {
    opened.defer(() => closed.push('store'))
    opened.defer(() => Promise.reject(new Error('the disk is full')))
    await Promise.resolve()
    throw new Error('the log cannot be written')
  })
  await t.rejects(opening, { message: 'the log cannot be written' })
  t.same(closed, ['store'])

  const value = await openAll(opened => {
    opened.defer(() => closed.push('open'))
    return Promise.resolve(7)
  })
  t.equal(value, 7)
  t.same(closed, ['store'], 'nothing is closed after a success')
})
