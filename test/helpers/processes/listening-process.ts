import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

const LISTEN = '0A'

/**
 * Returns the addresses and ports on which a process listens for TCP connections, as
 * `127.0.0.1:20001` or `::1:20001`. Read from /proc, so Linux only.
 */
export function listensOn(pid: number): string[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
      } catch {
        return [] // The process closed it since.
      }
    }),
  )
  return ['tcp', 'tcp6'].flatMap(table =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && inodes.has(inode ?? ''))
      .map(([, local = '']) => addressOf(local)),
  )
}

/**
 * Converts `0100007F:4E21` to `127.0.0.1:20001`. The bytes of each 32-bit word are in the machine's
 * byte order.
 */
function addressOf(local: string): string {
  const [host = '', port = ''] = local.split(':')
  const bytes = host.match(/../g)?.map(byte => Number.parseInt(byte, 16)) ?? []
  const address = bytes.length === 4 ? bytes.reverse().join('.') : '::1'
  return `${address}:${Number.parseInt(port, 16)}`
}
