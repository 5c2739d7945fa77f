import { fork } from 'node:child_process'
import { basename } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../core/clock.ts'
import { withDeadline } from '../core/deadline.ts'
import { entryPath } from '../core/entry.ts'
import { AutomateError, errorCode } from '../core/errors.ts'

/** A provider's own service may be slow; a job that waits for its answer waits for so long at most. */
const CALL_LIMIT_MS = 30_000

/** What the child answers. */
export const ProxiesReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('proxies'), list: z.array(z.string()) }),
  z.object({ type: z.literal('refused'), message: z.string() }),
])

/**
 * Calls the function `proxies` of a configuration file, in a child that is killed after its answer or its time: the author's code never runs in this process.
 * Thrown with code `config-invalid` when it throws, blocks, ends its process or answers something else than texts.
 */
export async function callProxies(file: string, limitMs = CALL_LIMIT_MS): Promise<string[]> {
  const child = fork(entryPath(import.meta.url, '../execution/config/read-proxies.entry'), [file], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  })
  const answered = new Promise<z.infer<typeof ProxiesReply>>((resolve, reject) => {
    child.once('message', message => {
      const reply = ProxiesReply.safeParse(message)
      if (reply.success) resolve(reply.data)
      else reject(refusal(file, 'answered something else than a list of texts'))
    })
    child.once('error', reject)
    child.once('exit', code => reject(refusal(file, `ended its process (exit code ${code ?? 'unknown'})`)))
  })
  try {
    const reply = await withDeadline(answered, limitMs, 'The function "proxies"', systemClock)
    if (reply.type === 'proxies') return reply.list
    throw refusal(file, reply.message)
  } catch (error) {
    throw errorCode(error) === 'deadline' ? refusal(file, `did not answer within ${limitMs} ms`) : error
  } finally {
    child.kill('SIGKILL')
  }
}

function refusal(file: string, why: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `The function "proxies" of ${basename(file)} ${why}. It must answer a list such as ["http://name:secret@host:port"].`,
    { facts: { file } },
  )
}
