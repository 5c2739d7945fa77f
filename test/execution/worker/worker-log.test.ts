import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { messageOf } from '../../../lib/core/errors/errors.ts'
import { appendTo, createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import type { LogFileOptions } from '../../../lib/execution/worker/worker-log.ts'
import { smallDisk } from '../../helpers/processes/small-disk.ts'
import { join } from 'node:path'

function optionsFor(path: string, paths: ProjectPaths): LogFileOptions {
  const ensureFolder = (folder: string) => paths.ensureFolder(folder)
  return { path, limitBytes: 10_000, ensureFolder, onFailure: () => undefined }
}

t.test('a log continues after its folder was removed, and folders of pictures are created again', async t => {
  const paths = new ProjectPaths(t.testdir())
  const at = new Date(0)
  const file = join(paths.logs('workers', at), 'job.log')
  const log = createWorkerLog({ workerId: 'w1' }, systemClock, appendTo(optionsFor(file, paths)))
  log.info('before')
  rmSync(join(paths.root, 'logs'), { recursive: true })
  log.info('after')
  t.match(readFileSync(file, 'utf8'), /"after"/)
  t.ok(statSync(paths.logs('screenshots', at)).isDirectory())
  rmSync(join(paths.root, 'logs'), { recursive: true })
  t.ok(statSync(paths.logs('screenshots', at)).isDirectory())
})

t.test('a log creates no folder of a renamed project', async t => {
  const paths = new ProjectPaths(join(t.testdir({ project: {} }), 'project'))
  const file = join(paths.logs('workers', new Date(0)), 'job.log')
  const log = createWorkerLog({ workerId: 'w1' }, systemClock, appendTo(optionsFor(file, paths)))
  renameSync(paths.root, `${paths.root}-renamed`)
  log.info('after')
  t.notOk(existsSync(paths.root))
})

t.test('a log of endless lines keeps its first and its last lines', async t => {
  const paths = new ProjectPaths(t.testdir())
  const file = join(paths.logs('workers', new Date(0)), 'job.log')
  const log = createWorkerLog({ workerId: 'w1' }, systemClock, appendTo(optionsFor(file, paths)))
  for (let n = 0; n < 1_000; n++) log.info(`line ${n}`)
  t.ok(statSync(file).size < 10_500)
  const text = readFileSync(file, 'utf8')
  t.match(text, /"line 0"/)
  t.match(text, /"line 999"/)
})

t.test('reports a full disk once, and loses no later line', async t => {
  const disk = smallDisk(t)
  if (typeof disk === 'string') {
    t.pass('a small disk', { skip: disk })
    return
  }
  const paths = new ProjectPaths(disk.folder)
  const file = join(paths.logs('workers', new Date(0)), 'job.log')
  const failures: string[] = []
  const onFailure = (error: unknown) => failures.push(messageOf(error))
  const append = appendTo({ ...optionsFor(file, paths), limitBytes: 1_000_000, onFailure })
  const log = createWorkerLog({ workerId: 'w1' }, systemClock, append)
  log.info('before')
  disk.fill()
  for (let n = 0; n < 3; n++) log.info('x'.repeat(4_000))
  t.match(failures, [/^ENOSPC/])
  t.equal(failures.length, 1)
  disk.free()
  log.info('after')
  const lines = readFileSync(file, 'utf8').split('\n')
  t.match(JSON.parse(lines.findLast(line => line !== '') ?? ''), { message: 'after' }, 'on its own line')
  disk.fill()
  for (let n = 0; n < 3; n++) log.info('x'.repeat(4_000))
  t.equal(failures.length, 2)
})
