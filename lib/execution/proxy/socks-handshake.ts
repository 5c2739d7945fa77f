import { connect } from 'node:net'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ProxyFault } from '../../model/proxy/proxy.ts'

/** RFC 1928: version 5, one method, "no authentication required". */
const GREETING = Buffer.from([5, 1, 0])
const ACCEPTED = Buffer.from([5, 0])

const broken = (what: string, kind: ProxyFault['kind']) =>
  new AutomateError('proxy', what, { facts: { fault: { kind } } })

/** Greets a SOCKS5 proxy as Chrome does, and resolves when it admits us. Rejects when it cannot be reached, asks for credentials, or speaks something else. */
export function socksHandshake({ hostname, port }: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), signal })
    socket.once('connect', () => socket.write(GREETING))
    socket.once('data', answer => {
      socket.destroy()
      if (answer.subarray(0, 2).equals(ACCEPTED)) resolve()
      else reject(broken('it does not admit this machine without credentials', 'not-admitted'))
    })
    socket.once('close', () => reject(broken('it closed the connection', 'hangs-up')))
    socket.once('error', reject)
  })
}
