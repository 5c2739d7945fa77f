import { fork } from 'node:child_process'
import { basename } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../core/clock.ts'
import { withDeadline } from '../core/deadline.ts'
import { entryPath } from '../core/entry.ts'
import { AutomateError, errorCode } from '../core/errors.ts'
import { JsonValue } from '../domain/json.ts'

/** Loading TypeScript takes half a second; a loaded machine may need many times that. */
const LOAD_LIMIT_MS = 30_000

/** What the child answers. */
export const ConfigReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('config'), values: z.record(z.string(), JsonValue) }),
  z.object({ type: z.literal('refused'), message: z.string() }),
])

/**
 * Reads the settings that a configuration file exports. The file is code, so it is loaded in a child with a time limit, never in this process.
 * Thrown with code `config-invalid` when it throws, blocks, ends its process or exports something else.
 */
export async function readConfigFile(
  file: string,
  limitMs = LOAD_LIMIT_MS,
): Promise<Record<string, unknown>> {
  const child = fork(entryPath(import.meta.url, '../execution/config/read-config.entry'), [file], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  })
  const answered = new Promise<z.infer<typeof ConfigReply>>((resolve, reject) => {
    child.once('message', message => {
      const reply = ConfigReply.safeParse(message)
      if (reply.success) resolve(reply.data)
      else reject(refusal(file, 'it sent something else than settings'))
    })
    child.once('error', reject)
    child.once('exit', code =>
      reject(refusal(file, `it ended the process that loads it (exit code ${code ?? 'unknown'})`)),
    )
  })
  try {
    const reply = await withDeadline(answered, limitMs, `Loading ${basename(file)}`, systemClock).catch(
      (error: unknown) => {
        throw errorCode(error) === 'deadline' ? refusal(file, `it did not load within ${limitMs} ms`) : error
      },
    )
    if (reply.type === 'config') return reply.values
    throw refusal(file, reply.message)
  } finally {
    child.kill('SIGKILL')
  }
}

function refusal(file: string, why: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `${file} cannot be used: ${why}. It must export its settings: "export default defineConfig({ workers: 4 })".`,
    { facts: { file } },
  )
}
