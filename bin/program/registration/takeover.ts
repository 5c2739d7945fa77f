import type { Command } from 'commander'
import type { CommandFlags, End } from './command-flags.ts'

const ANSWERS = {
  resume: 'let a worker go on that waits for a person',
  skip: 'let it go on without what was asked',
  fail: 'let its phase fail',
} as const

/** Registers `takeover` and the commands under it, and `picture`. */
export function addTakeover(program: Command, end: End): void {
  const takeover = program
    .command('takeover')
    .description('list the workers that wait for a person, or act in the place of one')
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
  sub('close <worker>', 'close the browser that a failure left open to be looked at').action(
    async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { closeKept } = await import('../../commands/takeover.ts')
      end(await closeKept(flags, worker, flags.json))
    },
  )
  for (const answer of ['resume', 'skip', 'fail'] as const) {
    const command = sub(`${answer} <worker>`, ANSWERS[answer])
    if (answer === 'fail') command.option('--reason <text>', 'why', '')
    command.action(async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { readonly reason?: string } = command.optsWithGlobals()
      const { answerWorker } = await import('../../commands/takeover.ts')
      end(await answerWorker(flags, answer, worker, flags.reason ?? '', flags.json))
    })
  }
  sub(
    'answer <worker>',
    'tell it from stdin what it asks for: one name=value a line, or a JSON object',
  ).action(async (worker: string, _flags: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { commandWorker } = await import('../../commands/takeover.ts')
    end(await commandWorker(flags, worker, flags.json))
  })
  sub('click <worker> <x> <y>', 'click on its page, in the pixels of its picture').action(
    async (worker: string, x: string, y: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { clickPage } = await import('../../commands/takeover.ts')
      end(await clickPage(flags, worker, [x, y], flags.json))
    },
  )
  sub('type <worker>', 'type what comes on stdin into its page').action(
    async (worker: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { typeText } = await import('../../commands/takeover.ts')
      end(await typeText(flags, worker, flags.json))
    },
  )
  sub('press <worker> <key>', 'press a key on its page, such as Enter').action(
    async (worker: string, key: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { pressKey } = await import('../../commands/takeover.ts')
      end(await pressKey(flags, worker, key, flags.json))
    },
  )
  program
    .command('picture <worker> [file]')
    .description("write a picture of a worker's page, as PNG")
    .option('--json', 'print JSON', false)
    .action(async (worker: string, file: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { pictureOf } = await import('../../commands/takeover.ts')
      end(await pictureOf(flags, worker, file, flags.json))
    })
}
