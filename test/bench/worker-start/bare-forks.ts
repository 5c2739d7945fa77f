import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { forkBareWorker } from '../harness/bare-worker.ts'
import { childExit, nextMessage } from '../harness/child-message.ts'
import type { Competitor } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'

const EMPTY = fileURLToPath(new URL('./empty.entry.js', import.meta.url))
/** Time limit for a machine that does much else. An empty process starts in a tenth of a second. */
const START_LIMIT_MS = 30_000

/** Lower bound: no forked Node process starts faster. */
export const emptyFork: Competitor = {
  name: 'fork, empty module',
  run: options =>
    timeEach(options.starts, async () => {
      const startedAt = systemClock.monotonic()
      const child = fork(EMPTY)
      await nextMessage(child, z.literal('ready'), START_LIMIT_MS, 'the empty process')
      const readyAt = systemClock.monotonic()
      await childExit(child, START_LIMIT_MS, 'the empty process')
      return readyAt - startedAt
    }),
}

/** Forked process that loads puppeteer, launches its browser and has a page. */
export const forkWithBrowser: Competitor = {
  name: 'fork, browser, page ready',
  run: options =>
    timeEach(options.starts, async () => {
      const startedAt = systemClock.monotonic()
      const worker = await forkBareWorker(options.browserPath)
      const readyAt = systemClock.monotonic()
      await worker.stop()
      return readyAt - startedAt
    }),
}
