import { basename } from 'node:path'
import { entryPath } from '../../core/process/entry-path.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { ProxiesReply } from '../../model/loader/module-replies.ts'
import { requestChild } from './request-child.ts'

/**
 * Time limit of the function `proxies`. It is long, because the service of a proxy provider may be
 * slow.
 */
const CALL_LIMIT_MS = 30_000

/**
 * Calls the function `proxies` of a configuration file. The call is made in a child process,
 * because the author's code never runs in this process. The child is killed after its reply, at its
 * time limit, or when the signal aborts.
 * @throws `config-invalid` if the function throws, blocks, ends its process, or does not return a
 * list of texts.
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
