import t from 'tap'
import { jobInput } from '../../bin/job-input.ts'
import { FIXTURE } from '../helpers/scheduling.ts'

t.test('a field that is not given has the default of the schema, as in a job of the form', t => {
  const workflow = {
    ...FIXTURE,
    inputSchema: {
      type: 'object',
      properties: { url: { type: 'string', default: 'https://shop.example' }, n: { type: 'integer' } },
      required: ['n'],
    },
  }
  t.same(jobInput(workflow, ['n=3'], undefined), { url: 'https://shop.example', n: 3 })
  t.same(jobInput(workflow, ['n=3', 'url=x'], undefined), { url: 'x', n: 3 })
  t.same(jobInput({ ...FIXTURE, inputSchema: {} }, ['n=3'], undefined), { n: 3 })
  t.end()
})
