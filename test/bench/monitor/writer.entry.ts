import process from 'node:process'
import { z } from 'zod'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { openLog } from '../../../lib/files/logs/log-writer.ts'

// Writes the given number of lines a second, in bursts as a real worker does, into our log if one
// is given, otherwise to its output.
const [rate, file] = z
  .tuple([z.coerce.number().positive(), z.string().optional()])
  .parse(process.argv.slice(2))

const BURST_MS = 20
const MS_A_SECOND = 1_000

const log = file === undefined ? undefined : openLog({ source: 'worker', pathAt: () => file })
const write = (text: string) => (log === undefined ? process.stdout.write(`${text}\n`) : log.info(text))
const begun = systemClock.monotonic()
let lines = 0
const burst = () => {
  const due = ((systemClock.monotonic() - begun) / MS_A_SECOND) * rate
  for (; lines < due; lines += 1)
    write(`offer ${lines} read: the price of bottle ${lines % 977} is ${lines % 97},90 €`)
  systemClock.after(BURST_MS, burst)
}
burst()
