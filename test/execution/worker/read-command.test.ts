import { fork } from 'node:child_process'
import { chmodSync, chownSync, existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import type { Test } from 'tap'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { AssignmentInbox } from '../../../lib/execution/worker/assignment-inbox.ts'
import { readOrder } from '../../../lib/execution/worker/read-command.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { takeSecrets } from '../../../lib/files/secrets-file.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { LAUNCH_DOCUMENT } from '../../helpers/builders/samples.ts'
import { WORKER } from '../../helpers/processes/worker-run.ts'

const ANOTHER_USER = 4711
const isRoot = process.getuid?.() === 0
const posix = { skip: process.platform === 'win32' && 'Windows has no owners and modes' }

/** Writes a launch document. Its browser is a program that creates a file. */
function launchOrder() {
  const paths = new ProjectPaths(newFolder())
  const [program, ran] = [join(paths.root, 'browser.sh'), join(paths.root, 'ran')]
  writeFileSync(program, `#!/bin/sh\n: > ${JSON.stringify(ran)}\n`, { mode: 0o700 })
  const { root } = paths
  const document = { ...LAUNCH_DOCUMENT, root, launch: { ...LAUNCH_DOCUMENT.launch, executable: program } }
  const file = join(paths.assignments, 'w1.launch.json')
  writeJsonSync(file, document)
  return { paths, file, ran }
}

/** Starts a worker on the document. Returns its stderr and its exit code. */
async function workOn(file: string, env: Readonly<Record<string, string | undefined>>) {
  const child = fork(WORKER, ['--launch', file], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env })
  const exited = new Promise<number | null>(resolve => child.once('exit', resolve))
  const [stderr, code] = await Promise.all([child.stderr === null ? '' : text(child.stderr), exited])
  return { code, stderr }
}

/** Removes all trust until the end of the test. */
function trustNothing(t: Pick<Test, 'teardown'>): void {
  const before = process.env['AUTOMATE_TRUST'] ?? ''
  t.teardown(() => (process.env['AUTOMATE_TRUST'] = before))
  process.env['AUTOMATE_TRUST'] = ''
}

t.test('a worker starts no program that a launch document of another user names', posix, async t => {
  const { file, ran } = launchOrder()
  const env = { ...process.env, AUTOMATE_TRUST: undefined }
  chmodSync(file, 0o666)
  const refused = await workOn(file, env)
  t.equal(refused.code, 70)
  t.match(refused.stderr, `${file} can be written by other users`)
  t.match(refused.stderr, /automate-tui doctor/)
  t.notOk(existsSync(ran), 'the program did not run')
})

t.test('reads commands only from files of this user', posix, async t => {
  const { paths, file } = launchOrder()
  trustNothing(t)
  t.match(readOrder(file), /"launch"/)
  const refused = (code = 'config-invalid') => t.throws(() => readOrder(file), { code })
  for (const mode of [0o602, 0o666]) {
    chmodSync(file, mode)
    refused()
  }
  process.env['AUTOMATE_TRUST'] = paths.root
  t.match(readOrder(file), /"launch"/, 'nothing is checked in a trusted project')
  process.env['AUTOMATE_TRUST'] = ''
  chmodSync(file, 0o600)
  if (isRoot) {
    chownSync(file, ANOTHER_USER, ANOTHER_USER)
    refused()
    chownSync(file, 0, 0)
  }
  renameSync(file, `${file}.other`)
  symlinkSync(`${file}.other`, file)
  refused('ELOOP')
})

t.test('refuses an assignment and secrets that others may write', posix, async t => {
  const { paths } = launchOrder()
  trustNothing(t)
  const [assignment, secrets] = [join(paths.assignments, 'w1.json'), join(paths.assignments, 'w1.secrets')]
  writeFileSync(assignment, '{}', { mode: 0o600 })
  writeFileSync(
    secrets,
    JSON.stringify({ proxy: { server: 'http://127.0.0.1:9', username: 'u', password: 'p' }, sites: [] }),
  )
  chmodSync(assignment, 0o666)
  chmodSync(secrets, 0o666)
  const refused = { code: 'config-invalid', message: /can be written by other users/ }
  const inbox = new AssignmentInbox(assignment, readOrder)
  t.throws(() => inbox.filled, refused)
  t.throws(() => takeSecrets(secrets, readOrder), refused)
  t.notOk(existsSync(secrets))
  rmSync(assignment)
})
