import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { newProject } from '../../helpers/store/project.ts'
import { follow } from '../../helpers/program/program.ts'

const FILLS = fileURLToPath(new URL('../../fixtures/store/fills-the-disk.entry.ts', import.meta.url))

/**
 * 1 MB in the 512-byte blocks of `ulimit -f`. The write-ahead log begins with all migrations and
 * reaches this size after some dozens of commits.
 */
const FILE_BLOCKS = 2048

const skip = process.platform === 'win32' ? 'Windows has no limit on the size of files' : false

t.test('a full disk is a clear error, and acknowledged writes stay', { skip }, async t => {
  const paths = newProject()
  // The test runner preloads a module into every Node that handles the signal of a full file. Node
  // itself ignores the signal.
  const limited = `unset NODE_OPTIONS; ulimit -f ${FILE_BLOCKS}; exec "$0" "$1" "$2"`
  const child = spawn('sh', ['-c', limited, process.execPath, FILLS, paths.root], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const program = follow(t, child)
  const { code } = await program.exited
  t.equal(code, 0)
  const refusal = program.lines.find(line => line.startsWith('{')) ?? ''
  t.match(refusal, /store-refused/)
  t.match(refusal, /disk/)
  t.ok(program.lines.includes('read 1'), 'reads still work')
  t.ok(
    program.lines.includes('read beside a write: fulfilled, the write: rejected'),
    'reads work in the transaction of a write too',
  )
  const acknowledged = Number(/"acknowledged":(\d+)/.exec(refusal)?.[1])
  t.ok(acknowledged > 10)
  const db = await FileDatabase.open(paths.database)
  t.strictSame(db.one('PRAGMA integrity_check'), { integrity_check: 'ok' })
  t.strictSame(db.one('SELECT count(*) >= $acknowledged AS kept FROM counters', { acknowledged }), {
    kept: 1,
  })
  db.close()
})
