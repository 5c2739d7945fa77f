import process from 'node:process'
import { errorCode, messageOf } from '../../lib/core/errors/errors.ts'
import { bench } from './bench.ts'
import { parseFlags } from './harness/bench-flags.ts'
import { topics } from './topics.ts'

const output = {
  result: (line: string) => void process.stdout.write(`${line}\n`),
  progress: (line: string) => void process.stderr.write(`${line}\n`),
}

try {
  const sound = await bench(
    parseFlags(
      process.argv.slice(2),
      topics.map(({ name }) => name),
    ),
    output,
  )
  process.exitCode = sound ? 0 : 1
} catch (error) {
  output.progress(messageOf(error))
  process.exitCode = errorCode(error) === 'usage' ? 2 : 70
}
