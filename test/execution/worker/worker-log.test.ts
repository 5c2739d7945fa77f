import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { appendTo, createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import { join } from 'node:path'

t.test('a log goes on where its folder was removed, and so do the folders of pictures', async t => {
  const paths = new ProjectPaths(t.testdir())
  const at = new Date(0)
  const file = join(paths.logs('workers', at), 'job.log')
  const log = createWorkerLog(
    { workerId: 'w1' },
    systemClock,
    appendTo({ path: file, limitBytes: 10_000, ensureFolder: path => paths.ensureFolder(path) }),
  )
  log.info('before')
  rmSync(join(paths.root, 'logs'), { recursive: true })
  log.info('after')
  t.match(readFileSync(file, 'utf8'), /"after"/)
  t.ok(statSync(paths.logs('screenshots', at)).isDirectory())
  rmSync(join(paths.root, 'logs'), { recursive: true })
  t.ok(statSync(paths.logs('screenshots', at)).isDirectory())
})

t.test('a log makes no folder of a project that was renamed', async t => {
  const paths = new ProjectPaths(join(t.testdir({ project: {} }), 'project'))
  const file = join(paths.logs('workers', new Date(0)), 'job.log')
  const log = createWorkerLog(
    { workerId: 'w1' },
    systemClock,
    appendTo({ path: file, limitBytes: 10_000, ensureFolder: path => paths.ensureFolder(path) }),
  )
  renameSync(paths.root, `${paths.root}-renamed`)
  log.info('after')
  t.notOk(existsSync(paths.root))
})

t.test('a log of a worker that logs without end keeps its first and its last lines', async t => {
  const paths = new ProjectPaths(t.testdir())
  const file = join(paths.logs('workers', new Date(0)), 'job.log')
  const log = createWorkerLog(
    { workerId: 'w1' },
    systemClock,
    appendTo({ path: file, limitBytes: 10_000, ensureFolder: path => paths.ensureFolder(path) }),
  )
  for (let n = 0; n < 1_000; n++) log.info(`line ${n}`)
  t.ok(statSync(file).size < 10_500)
  const text = readFileSync(file, 'utf8')
  t.match(text, /"line 0"/)
  t.match(text, /"line 999"/)
})
