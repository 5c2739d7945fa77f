import { Command } from 'commander'
import { z } from 'zod'
import { AutomateError } from '../../../lib/core/errors/errors.ts'

/** Counts of earlier comparisons of the peers, so that figures are comparable. */
const USUAL = { rounds: 3, jobs: 200, concurrency: 4, clients: 8, increments: 500, starts: 20 }
/** Counts that only show that everything runs. The figures mean little. */
const QUICK = { ...USUAL, rounds: 1, jobs: 12, increments: 50, starts: 3 }

const count = z.coerce.number().int().positive().optional()
const Flags = z.object({
  rounds: count,
  jobs: count,
  concurrency: count,
  clients: count,
  increments: count,
  starts: count,
  quick: z.boolean().default(false),
  json: z.boolean().default(false),
  baseline: z.string().optional(),
  only: z.array(z.string()).default([]),
})

/** Options of the command line. An empty list of topics selects all. */
export interface BenchFlags {
  readonly topics: readonly string[]
  readonly counts: typeof USUAL
  readonly json: boolean
  readonly baseline: string | undefined
  /** Parts of names: competitors that contain none of them do not run. Empty: all run. */
  readonly only: readonly string[]
}

/**
 * Parses the arguments after the program's name; `topics` are the existing names. Commander handles
 * help and unknown flags: it prints and ends the process.
 * @throws `usage` if a count is invalid.
 */
export function parseFlags(args: readonly string[], topics: readonly string[]): BenchFlags {
  const command = new Command('npm run bench --')
    .description(
      'Measures automate-tui and its peers on this machine, in turns, and prints medians and ratios.',
    )
    .argument('[topic...]', `${topics.join(', ')} (all without one)`)
    .option('--rounds <n>', 'how often each competitor runs')
    .option('--jobs <n>', 'jobs of a run')
    .option('--concurrency <n>', 'jobs at a time')
    .option('--clients <n>', 'processes that share the store')
    .option('--increments <n>', 'transactions of each client')
    .option('--starts <n>', 'starts or stops that are timed in a run')
    .option('--quick', 'one short round, to see that everything runs')
    .option('--baseline <name>', 'the competitor that the ratios refer to')
    .option('--only <names...>', 'run the baseline and the competitors whose names contain one of these')
    .option('--json', 'print one JSON document instead of tables')
    .parse(args, { from: 'user' })
  const parsed = Flags.safeParse(command.opts())
  if (!parsed.success) {
    const flags = parsed.error.issues.map(issue => `--${issue.path.join('.')}`).join(', ')
    throw new AutomateError('usage', `${flags} must be a whole number of 1 or more.`)
  }
  const { quick, json, baseline, only, ...given } = parsed.data
  const usual = quick ? QUICK : USUAL
  return {
    topics: command.args,
    counts: {
      rounds: given.rounds ?? usual.rounds,
      jobs: given.jobs ?? usual.jobs,
      concurrency: given.concurrency ?? usual.concurrency,
      clients: given.clients ?? usual.clients,
      increments: given.increments ?? usual.increments,
      starts: given.starts ?? usual.starts,
    },
    json,
    baseline,
    only,
  }
}
