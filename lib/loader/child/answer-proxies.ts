import { z } from 'zod'
import { ProxiesReply } from '../../model/loader/module-replies.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { TEXT_LIMIT, sanitiseLine } from '../../core/text/sanitise.ts'
import { withoutSecrets } from '../../model/failure/error-text.ts'
import { importProjectModule } from './import-project-module.ts'

const Settings = z.looseObject({ proxies: z.custom<() => unknown>(value => typeof value === 'function') })

/**
 * Loads a configuration file, calls its function `proxies`, and sends the result over the fork
 * channel.
 */
export async function answerProxies(file: string): Promise<void> {
  const reply = await call(file)
  await new Promise<void>(resolve => process.send?.(reply, () => resolve()))
}

async function call(file: string): Promise<ProxiesReply> {
  try {
    const { proxies } = Settings.parse(await importProjectModule(file))
    const parsed = ProxiesReply.safeParse({ type: 'proxies', list: await proxies() })
    return parsed.success ? parsed.data : { type: 'refused', message: 'did not return a list of strings' }
  } catch (error) {
    return {
      type: 'refused',
      message: `failed: ${sanitiseLine(withoutSecrets(messageOf(error), TEXT_LIMIT))}`,
    }
  }
}
