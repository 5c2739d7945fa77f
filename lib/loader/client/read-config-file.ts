import { entryPath } from '../../core/process/entry-path.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import { ConfigReply } from '../../model/loader/module-replies.ts'
import { requestChild } from './request-child.ts'

/**
 * Time limit for loading a configuration file. Loading TypeScript takes half a second, and many
 * times that on a loaded machine.
 */
const LOAD_LIMIT_MS = 30_000

/**
 * Returns the settings that a configuration file exports. The file contains code, so it is loaded
 * in a child process with a time limit, never in this process.
 * @throws `config-invalid` if the file throws, blocks, ends its process, or exports something other
 * than settings.
 */
export async function readConfigFile(
  file: string,
  limitMs = LOAD_LIMIT_MS,
): Promise<Record<string, unknown>> {
  const reply = await requestChild({
    entry: entryPath(import.meta.url, '../child/read-config.entry'),
    ...{ file, reply: ConfigReply, limitMs },
    words: {
      other: 'it did not return settings',
      ended: 'it ended the process that loads it',
      late: 'it did not load',
    },
    refuse: why => refusal(file, why),
  })
  if (reply.type === 'config') return reply.values
  throw refusal(file, reply.message)
}

function refusal(file: string, why: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `${file} cannot be used: ${why}. The file must export its settings: "export default defineConfig({ workers: 4 })".`,
    { facts: { file } },
  )
}
