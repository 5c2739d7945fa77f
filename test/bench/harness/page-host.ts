import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { childExit, nextMessage } from './child-message.ts'

const PROGRAM = fileURLToPath(new URL('./page-server.entry.ts', import.meta.url))
const ANSWER_LIMIT_MS = 30_000

/** Page server in its own process, so that its CPU time counts for no competitor. */
export interface PageHost {
  readonly pid: number | undefined
  readonly url: string
  /** Returns the number of pages served so far. */
  served(): Promise<number>
  stop(): Promise<void>
}

/** Starts the page server on a free port of this machine. */
export async function startPageHost(): Promise<PageHost> {
  const child = fork(PROGRAM)
  const listening = z.object({ kind: z.literal('listening'), port: z.int() })
  const { port } = await nextMessage(child, listening, ANSWER_LIMIT_MS, 'the page server')
  const url = `http://127.0.0.1:${port}`
  return {
    pid: child.pid,
    url,
    served: async () => z.int().parse(await (await fetch(`${url}/served`)).json()),
    stop: async () => {
      child.disconnect()
      await childExit(child, ANSWER_LIMIT_MS, 'the page server')
    },
  }
}
