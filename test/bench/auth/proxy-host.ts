import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { childExit, nextMessage } from '../harness/child-message.ts'

const PROGRAM = fileURLToPath(new URL('./proxy-server.entry.ts', import.meta.url))
const ANSWER_LIMIT_MS = 30_000

/**
 * Runs `work` with the address of a real proxy in its own process. An `asking` proxy requires the
 * bench's login.
 */
export async function withProxy<T>(asking: boolean, work: (address: string) => Promise<T>): Promise<T> {
  const child = fork(PROGRAM, asking ? ['--asking'] : [])
  const listening = z.object({ kind: z.literal('listening'), port: z.int() })
  const { port } = await nextMessage(child, listening, ANSWER_LIMIT_MS, 'the proxy')
  try {
    return await work(`http://127.0.0.1:${port}`)
  } finally {
    child.disconnect()
    await childExit(child, ANSWER_LIMIT_MS, 'the proxy')
  }
}
