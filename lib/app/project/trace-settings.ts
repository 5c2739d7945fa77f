import type { Config } from '../../config/config.ts'
import { sizeBytes } from '../../core/text/size.ts'
import type { TraceSettings } from '../../model/trace/trace-settings.ts'

/** Returns the configuration's settings for the trace of a worker. */
export function traceOrder({ trace, maxTrace }: Pick<Config, 'trace' | 'maxTrace'>): TraceSettings {
  return { keep: trace, limitBytes: sizeBytes(maxTrace) }
}
