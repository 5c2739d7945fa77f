import type { Command } from 'commander'
import type { RowFlags } from '../../commands/tables.ts'
import { repeated } from './input-options.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Adds the commands for the database of a project: its health, and the rows of its tables. */
export function addDatabase(program: Command, end: End): void {
  const database = program
    .command('db')
    .description(
      'the database: check it, back it up, restore it, look into its tables, change what may be changed',
    )
  const command = (usage: string, description: string): Command =>
    database.command(usage).description(description).option('--json', 'print JSON', false)

  command('check', 'check its integrity').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { checkDatabase } = await import('../../commands/database.ts')
    end(await checkDatabase(flags, flags.json))
  })
  command('backup <file>', 'make a consistent copy and check it, also while a scheduler runs').action(
    async (file: string, _own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { backUpDatabase } = await import('../../commands/database.ts')
      end(await backUpDatabase(flags, file, flags.json))
    },
  )
  command(
    'restore <file>',
    'put a backup in the place of the database, which is set aside; while no scheduler runs',
  )
    .option('--from-another-project', 'also if it is a backup of another project', false)
    .action(async (file: string, _own: unknown, command: Command) => {
      const flags: CommandFlags & { readonly fromAnotherProject: boolean } = command.optsWithGlobals()
      const { restoreDatabase } = await import('../../commands/database.ts')
      end(await restoreDatabase(flags, file, flags))
    })
  command('new', 'begin with an empty database; the present one is set aside').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { newDatabase } = await import('../../commands/database.ts')
      end(await newDatabase(flags, flags.json))
    },
  )
  command('vacuum', 'give the free space in its file back to the disk; jobs wait meanwhile').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { vacuumDatabase } = await import('../../commands/database.ts')
      end(await vacuumDatabase(flags, flags.json))
    },
  )
  command('tables', 'list the tables, and what may be done in each').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listTables } = await import('../../commands/tables.ts')
      end(await listTables(flags, flags.json))
    },
  )
  command('rows <table>', 'print the rows of a table')
    .option('--filter <text>', 'only rows that hold this text; column:text for one column')
    .option('--sort <column>', 'in the order of a column; -column for the reverse')
    .option('--limit <n>', 'at most so many rows; all without it')
    .option('--csv', 'print CSV, for a spreadsheet', false)
    .action(async (table: string, _own: unknown, command: Command) => {
      const flags: CommandFlags & RowFlags = command.optsWithGlobals()
      const { printRows } = await import('../../commands/tables.ts')
      end(await printRows(flags, table, flags))
    })
  command('set <table> <change...>', 'change a row: --key id=7 priority=5 due_at="2026-12-01 08:00"')
    .requiredOption('--key <column=value>', 'which row; again for each column of its key', repeated, [])
    .action(async (table: string, changes: readonly string[], _own: unknown, command: Command) => {
      const flags: CommandFlags & KeyFlags = command.optsWithGlobals()
      const { changeRow } = await import('../../commands/tables.ts')
      end(await changeRow(flags, table, flags.key, changes, flags.json))
    })
  command('add <table> <value...>', 'make a row: name=orders value=0').action(
    async (table: string, values: readonly string[], _own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { addRow } = await import('../../commands/tables.ts')
      end(await addRow(flags, table, values, flags.json))
    },
  )
  command('remove <table>', 'take a row away: --key id=7')
    .requiredOption('--key <column=value>', 'which row; again for each column of its key', repeated, [])
    .action(async (table: string, _own: unknown, command: Command) => {
      const flags: CommandFlags & KeyFlags = command.optsWithGlobals()
      const { removeRow } = await import('../../commands/tables.ts')
      end(await removeRow(flags, table, flags.key, flags.json))
    })
}

interface KeyFlags {
  readonly key: readonly string[]
}
