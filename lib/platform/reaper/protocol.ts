import { ProcessIdentity } from '../../model/worker/process-identity.ts'

/** What the console tells its reaper: one line each, `add <pid> <started>` or `remove <pid>`. */
export type ReaperCommand =
  | { readonly type: 'add'; readonly identity: ProcessIdentity }
  | { readonly type: 'remove'; readonly pid: number }

export function formatCommand(order: ReaperCommand): string {
  return order.type === 'add'
    ? `add ${order.identity.pid} ${order.identity.started}\n`
    : `remove ${order.pid}\n`
}

/** `undefined` for a line that is none, such as the torn last one of a console that was killed while it wrote. */
export function parseCommand(line: string): ReaperCommand | undefined {
  const [type, pid, started] = line.split(' ')
  if (type === 'remove' && /^\d+$/.test(pid ?? '')) return { type, pid: Number(pid) }
  const identity = ProcessIdentity.safeParse({ pid: Number(pid), started }).data
  return type === 'add' && identity !== undefined ? { type, identity } : undefined
}
