import { ProcessIdentity } from '../../model/worker/process-identity.ts'

/** Lines from the console to its reaper: `add <pid> <started>` or `remove <pid>`. */
export type ReaperCommand =
  | { readonly type: 'add'; readonly identity: ProcessIdentity }
  | { readonly type: 'remove'; readonly pid: number }

export function formatCommand(order: ReaperCommand): string {
  return order.type === 'add'
    ? `add ${order.identity.pid} ${order.identity.started}\n`
    : `remove ${order.pid}\n`
}

/**
 * Parses a line of the protocol; `undefined` if the line is invalid, such as the incomplete last
 * line of a killed console.
 */
export function parseCommand(line: string): ReaperCommand | undefined {
  const [type, pid, started] = line.split(' ')
  if (type === 'remove' && /^\d+$/.test(pid ?? '')) return { type, pid: Number(pid) }
  const identity = ProcessIdentity.safeParse({ pid: Number(pid), started }).data
  return type === 'add' && identity !== undefined ? { type, identity } : undefined
}
