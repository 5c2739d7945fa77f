import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

const ANSWERS = {
  resume: 'resume a worker that waits for a person',
  skip: 'resume a worker without doing what it asked for',
  fail: 'make the phase of the worker fail',
} as const

/** Registers `takeover` and the commands under it, and `picture`. */
export function addTakeover(program: Command, end: End): void {
  const takeover = program
    .command('takeover')
    .description('list the workers that wait for a person, or control a worker')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listTakeovers } = await import('../../commands/takeover.ts')
      end(await listTakeovers(flags, flags.json))
    })
  const sub = (name: string, description: string) =>
    takeover.command(name).description(description).option('--json', 'print JSON', false)

  sub('pause <worker>', 'pause a worker before its next action').action(
    async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { pauseWorker } = await import('../../commands/takeover.ts')
      end(await pauseWorker(flags, worker, flags.json))
    },
  )
  sub('close <worker>', 'close a browser that was held open after a failure').action(
    async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { closeKept } = await import('../../commands/takeover.ts')
      end(await closeKept(flags, worker, flags.json))
    },
  )
  for (const answer of ['resume', 'skip', 'fail'] as const) {
    const command = sub(`${answer} <worker>`, ANSWERS[answer])
    if (answer === 'fail') command.option('--reason <text>', 'reason for the crash report', '')
    command.action(async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { readonly reason?: string } = command.optsWithGlobals()
      const { answerWorker } = await import('../../commands/takeover.ts')
      end(await answerWorker(flags, answer, worker, flags.reason ?? '', flags.json))
    })
  }
  sub(
    'answer <worker>',
    'send a worker its answer from stdin: one name=value per line, or a JSON object',
  ).action(async (worker: string, _flags: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { commandWorker } = await import('../../commands/takeover.ts')
    end(await commandWorker(flags, worker, flags.json))
  })
  sub('click <worker> <x> <y>', 'click on the page of a worker, at pixels of its picture').action(
    async (worker: string, x: string, y: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { clickPage } = await import('../../commands/takeover.ts')
      end(await clickPage(flags, worker, [x, y], flags.json))
    },
  )
  sub('type <worker>', 'type the text from stdin into the page of a worker').action(
    async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { typeText } = await import('../../commands/takeover.ts')
      end(await typeText(flags, worker, flags.json))
    },
  )
  sub('press <worker> <key>', 'press a key on the page of a worker, such as Enter').action(
    async (worker: string, key: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { pressKey } = await import('../../commands/takeover.ts')
      end(await pressKey(flags, worker, key, flags.json))
    },
  )
  program
    .command('picture <worker> [file]')
    .description("write a PNG picture of a worker's page")
    .option('--json', 'print JSON', false)
    .action(async (worker: string, file: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { pictureOf } = await import('../../commands/takeover.ts')
      end(await pictureOf(flags, worker, file, flags.json))
    })
}
