import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { z } from 'zod'
import { follow } from '../program/program.ts'
import type { Program } from '../program/program.ts'

const DISCOVERS = fileURLToPath(new URL('../../fixtures/coordination/discovers.entry.ts', import.meta.url))

export const Found = z.object({ round: z.int(), answer: z.string(), by: z.int(), lateMs: z.number() })

/**
 * Starts a server that counts the requests of each worker in each round. If `holds` is true for a
 * round and its number of requests, the response waits for `answerLate`; all other responses wait
 * for `ready`.
 */
export async function countingSite(
  holds: (round: number, asked: number) => boolean = () => false,
  ready: (round: number) => Promise<unknown> = () => Promise.resolve(),
) {
  const asked: { readonly round: number; readonly member: number }[] = []
  const held: ServerResponse[] = []
  const server = createServer((request, response) => {
    const [, round, member] = (request.url ?? '').split('/').map(Number)
    asked.push({ round: round ?? 0, member: member ?? 0 })
    const times = asked.filter(one => one.round === round).length
    if (holds(round ?? 0, times)) held.push(response)
    else void ready(round ?? 0).then(() => response.end(`answer ${times} in round ${round}`))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** Responds to the held requests. */
    answerLate: () => {
      for (const response of held) response.end('a late answer')
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/**
 * Starts the workers of job 1 as processes without browsers. All are connected, and none has made a
 * request yet.
 */
export async function startDiscoverers(
  t: Pick<Test, 'teardown'>,
  {
    root,
    url,
    workers,
    rounds,
    leaseMs = 30_000,
  }: {
    readonly root: string
    readonly url: string
    readonly workers: number
    readonly rounds: number
    readonly leaseMs?: number
  },
): Promise<Program[]> {
  const programs = Array.from({ length: workers }, (_, index) =>
    follow(
      t,
      spawn(process.execPath, [DISCOVERS, root, url, ...[index + 1, workers, rounds, leaseMs].map(String)], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    ),
  )
  await Promise.all(programs.map(program => program.line('ready')))
  return programs
}

/**
 * True if a worker has requested a round from the store, whether or not it has received the reply.
 */
export function asksFor({ lines }: Program, round: number): boolean {
  return lines.includes(`asks ${round}`)
}

/** Returns the discoveries of a worker, round by round. */
export function foundBy({ lines }: Program): z.infer<typeof Found>[] {
  return lines
    .filter(line => line.startsWith('found '))
    .map(line => Found.parse(JSON.parse(line.slice('found '.length))))
}
