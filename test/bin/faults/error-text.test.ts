import t from 'tap'
import { explainSystemError } from '../../../bin/faults/error-text.ts'

const systemError = (message: string, code: string) => Object.assign(new Error(message), { code })

t.test('a process limit has the same remedy for a thread and for a process', t => {
  t.equal(
    explainSystemError(systemError('EAGAIN', 'ERR_WORKER_INIT_FAILED')),
    'EAGAIN. The system cannot start more threads: end other programs, or raise the limit of processes (ulimit -u), and try again.',
  )
  t.match(explainSystemError(systemError('spawn node EAGAIN', 'EAGAIN')), /^spawn node EAGAIN\. .*ulimit -u/)
  t.equal(explainSystemError(new Error('a mistake')), undefined)
  t.end()
})
