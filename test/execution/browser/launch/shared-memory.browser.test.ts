import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { sharedMemoryFolder } from '../../../../lib/execution/browser/launch/shared-memory.ts'

const FIXTURE = fileURLToPath(new URL('../../../fixtures/browser/where-memory-is-shared.ts', import.meta.url))
const LINUX = process.platform === 'linux'

/** Result for a browser that needs no folder for shared memory. */
const NO_FOLDER = ['memfd']

/**
 * Runs the command, which starts a browser, and returns the places of the memory that the browser's
 * processes share.
 */
function placesOf(command: string, args: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ended with ${String(status)}: ${stderr}`)
  return JSON.parse(stdout)
}

const hasMemfd = (places: unknown) => isDeepStrictEqual(places, NO_FOLDER)

t.test('a browser shares memory where there is room for it', { skip: !LINUX }, async t => {
  const places = placesOf(process.execPath, [FIXTURE])
  t.strictSame(places, hasMemfd(places) ? NO_FOLDER : [sharedMemoryFolder()])
})

const separate = ['--mount', 'sh', '-c']
const small = 'mount -t tmpfs -o size=64m none /dev/shm && exec "$0" "$@"'
const canMount = LINUX && spawnSync('unshare', [...separate, small, 'true']).status === 0

// Containers have a small /dev/shm.
t.test('a browser with a small /dev/shm uses files', { skip: !canMount }, async t => {
  const places = placesOf('unshare', [...separate, small, process.execPath, FIXTURE])
  t.strictSame(places, hasMemfd(places) ? NO_FOLDER : [tmpdir()])
})
