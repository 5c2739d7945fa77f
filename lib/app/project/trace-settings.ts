import type { Config } from '../../config/config.ts'
import type { TraceSettings } from '../../model/trace/trace-settings.ts'

const MEGABYTE = 1_000_000

/** What the configuration asks of the workers' traces. */
export function traceOrder({
  trace,
  traceMegabytes,
}: Pick<Config, 'trace' | 'traceMegabytes'>): TraceSettings {
  return { keep: trace, limitBytes: Math.round(traceMegabytes * MEGABYTE) }
}

/** What the traces of all workers may take together. */
export function tracesLimitBytes({ tracesMegabytes }: Pick<Config, 'tracesMegabytes'>): number {
  return tracesMegabytes * MEGABYTE
}
