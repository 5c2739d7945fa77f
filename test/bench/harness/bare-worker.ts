import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { childExit, nextMessage } from './child-message.ts'
import { launchOptions } from './launch-options.ts'
import { PageContent } from './page-content.ts'

const PROGRAM = fileURLToPath(new URL('./bare-worker.entry.js', import.meta.url))

/**
 * Time limit on a machine that does twenty other things. A browser starts in a second, and a local
 * page loads in less.
 */
const ANSWER_LIMIT_MS = 60_000

/** Bare forked process with its own browser and a ready page. */
export interface BareWorker {
  readonly child: ChildProcess
  /** Opens a page and reads it. */
  visit(url: string): Promise<PageContent>
  /** Asks the process to close its browser, and waits for its end. */
  stop(): Promise<void>
  /** Makes the process kill its browser, and waits for its end. */
  kill(): Promise<void>
}

/** Forks the process and waits until its page is ready. */
export async function forkBareWorker(browserPath: string): Promise<BareWorker> {
  const child = fork(PROGRAM, [JSON.stringify(launchOptions(browserPath))])
  await nextMessage(child, z.literal('ready'), ANSWER_LIMIT_MS, 'the bare worker')
  return {
    child,
    visit: url => {
      const content = nextMessage(child, PageContent, ANSWER_LIMIT_MS, 'the bare worker')
      child.send(url)
      return content
    },
    stop: () => endBy(child, 'stop'),
    kill: () => endBy(child, 'kill'),
  }
}

async function endBy(child: ChildProcess, order: 'stop' | 'kill'): Promise<void> {
  const exit = childExit(child, ANSWER_LIMIT_MS, 'the bare worker')
  child.send(order)
  const code = await exit
  if (code === 0) return
  throw new AutomateError(
    'worker-exit',
    `The bare worker did not ${order} in good order (exit code ${code ?? 'none'}). Its own output above tells why.`,
  )
}
