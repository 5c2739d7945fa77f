import { spawn, spawnSync } from 'node:child_process'
import { openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

const workflows = ['fails', 'succeeds-late']

const LOSES_LINES = fileURLToPath(
  new URL('../../fixtures/standard-streams/loses-lines.entry.ts', import.meta.url),
)

/** Device on which every write fails with ENOSPC. */
const FULL = '/dev/full'
const SKIP = process.platform !== 'linux' && `needs ${FULL}`

/** Runs the program with an output on a full disk. */
function runInto(project: JourneyProject, args: readonly string[], full: 'stdout' | 'stderr') {
  const disk = openSync(FULL, 'w')
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: project.root,
    stdio: ['ignore', full === 'stdout' ? disk : 'pipe', full === 'stderr' ? disk : 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return new Promise<{ code: number | null; text: string }>(resolve => {
    child.once('close', code => resolve({ code, text }))
  })
}

t.test('a command whose output has no space reports it in one line', { skip: SKIP }, async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  t.same(await runInto(project, ['jobs'], 'stdout'), {
    code: 4,
    text: 'automate-tui: The output is incomplete: ENOSPC: no space left on device, write. The disk is full: free some space on it, and try again.\n',
  })
})

/** Bytes of a block of `ulimit -f`. */
const BLOCK_BYTES = 512

/**
 * Runs the program with stdout to a file of at most `blocks` blocks. As on a disk that fills up,
 * the system accepts a part of one write and refuses the next.
 */
function runIntoFile(project: JourneyProject, blocks: number, args: readonly string[]) {
  const output = join(newFolder(), 'output')
  // Node ignores the signal of a full file, and the preload of the test runner handles it.
  const limited = `unset NODE_OPTIONS; ulimit -f ${blocks}; exec "$0" "$@"`
  const { status, stderr } = spawnSync('sh', ['-c', limited, process.execPath, PROGRAM, ...args], {
    cwd: project.root,
    stdio: ['ignore', openSync(output, 'w'), 'pipe'],
    encoding: 'utf8',
  })
  return { code: status, stderr, bytes: statSync(output).size }
}

const NO_LIMIT = process.platform === 'win32' && 'Windows has no limit on the size of files'

for (const args of [['--help'], ['config', '--json']])
  t.test(`"${args.join(' ')}" fails if its output file has space for only a part`, { skip: NO_LIMIT }, t => {
    const { code, stderr, bytes } = runIntoFile(new JourneyProject(t, newFolder(), { workflows }), 2, args)
    t.equal(bytes, 2 * BLOCK_BYTES)
    t.match(stderr, /^automate-tui: The output is incomplete: EFBIG: .*ulimit -f/)
    t.equal(code, 4)
    t.end()
  })

t.test('counts each line for a temporarily full file once', { skip: NO_LIMIT }, t => {
  const output = join(newFolder(), 'output')
  const limited = `unset NODE_OPTIONS; ulimit -f 1; exec "$0" "$@" >> ${output}`
  const { stderr } = spawnSync('sh', ['-c', limited, process.execPath, LOSES_LINES, output], {
    encoding: 'utf8',
  })
  t.match(stderr, / fails: EFBIG.*works again\. 2 lines were lost\.\n$/s)
  t.end()
})

for (const full of ['stdout', 'stderr'] as const)
  t.test(`a scheduler whose ${full} has no space does its work`, { skip: SKIP }, async t => {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    // The failed job adds a line on stderr.
    await project.enqueue('fails', { how: 'throws', url: 'about:blank' })
    await project.enqueue('succeeds-late', { at: 1 })
    const { code } = await runInto(project, ['--no-tui', '--until-idle'], full)
    t.equal(code, 1, 'the exit code is that of a failed job')
    const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
    const name = full === 'stdout' ? 'standard output' : 'standard error'
    t.equal(log.split(`Writing to the ${name} fails: ENOSPC`).length - 1, 1, 'the failure is logged once')
    t.match(log, /Job 2 \(succeeds-late\) succeeded/)
  })
