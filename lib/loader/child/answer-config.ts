import { ConfigReply } from '../../model/loader/module-replies.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { importProjectModule } from './import-project-module.ts'

/** Loads a configuration file and sends its exports over the fork channel. */
export async function answerConfig(file: string): Promise<void> {
  const reply = await read(file)
  await new Promise<void>(resolve => process.send?.(reply, () => resolve()))
}

async function read(file: string): Promise<ConfigReply> {
  try {
    const parsed = ConfigReply.safeParse({
      type: 'config',
      values: withoutFunctions(await importProjectModule(file)),
    })
    return parsed.success
      ? parsed.data
      : { type: 'refused', message: 'its default export is not an object of settings' }
  } catch (error) {
    return { type: 'refused', message: sanitiseLine(messageOf(error)) }
  }
}

/**
 * Returns the settings with a function `proxies` replaced by a note, because a function cannot be
 * sent to another process. `answer-proxies` calls the function.
 */
function withoutFunctions(settings: unknown): unknown {
  if (typeof settings !== 'object' || settings === null || !('proxies' in settings)) return settings
  return typeof settings.proxies === 'function' ? { ...settings, proxies: { from: 'function' } } : settings
}
