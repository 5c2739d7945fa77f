import { basename } from 'node:path'
import { entryPath } from '../../core/process/entry-path.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { ProxiesReply } from '../../model/loader/module-replies.ts'
import { requestChild } from './request-child.ts'

/** Longest wait for the function `proxies`, because a provider's own service may be slow. */
const CALL_LIMIT_MS = 30_000

/**
 * Calls the function `proxies` of a configuration file in a child, because the author's code never
 * runs in this process. The child is killed after its reply, its time limit or the signal.
 * @throws `config-invalid` if the function throws, blocks, ends its process or returns something
 * else than texts.
 */
export async function callProxies(
  file: string,
  signal: AbortSignal,
  limitMs = CALL_LIMIT_MS,
): Promise<string[]> {
  const reply = await requestChild({
    entry: entryPath(import.meta.url, '../child/read-proxies.entry'),
    ...{ file, reply: ProxiesReply, limitMs },
    words: {
      other: 'did not return a list of strings',
      ended: 'ended its process',
      late: 'did not return',
    },
    refuse: why => refusal(file, why),
    signal,
  })
  if (reply.type === 'proxies') return reply.list
  throw refusal(file, reply.message)
}

function refusal(file: string, why: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `The function "proxies" of ${basename(file)} ${why}. It must return a list such as ["http://name:secret@host:port"].`,
    { facts: { file } },
  )
}
