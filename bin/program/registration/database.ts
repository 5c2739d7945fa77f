import type { Command } from 'commander'
import type { RowFlags } from '../../commands/tables.ts'
import { repeated } from './input-options.ts'
import type { CommandFlags, End } from './command-flags.ts'

/**
 * Registers `db` and the commands under it, for the state of the database and the rows of its
 * tables.
 */
export function addDatabase(program: Command, end: End): void {
  const database = program
    .command('db')
    .description('check, back up or restore the database, or show and change its rows')
  const command = (usage: string, description: string): Command =>
    database.command(usage).description(description).option('--json', 'print JSON', false)

  command('check', 'check the integrity of the database').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { checkDatabase } = await import('../../commands/database.ts')
    end(await checkDatabase(flags, flags.json))
  })
  command('backup <file>', 'make a consistent, checked copy, even while a scheduler runs').action(
    async (file: string, _own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { backUpDatabase } = await import('../../commands/database.ts')
      end(await backUpDatabase(flags, file, flags.json))
    },
  )
  command(
    'restore <file>',
    'replace the database by a backup while no scheduler runs; the present database is set aside',
  )
    .option('--from-another-project', 'accept a backup of another project', false)
    .action(async (file: string, _own: unknown, command: Command) => {
      const flags: CommandFlags & { readonly fromAnotherProject: boolean } = command.optsWithGlobals()
      const { restoreDatabase } = await import('../../commands/database.ts')
      end(await restoreDatabase(flags, file, flags))
    })
  command('new', 'start with an empty database; the present one is set aside').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { newDatabase } = await import('../../commands/database.ts')
      end(await newDatabase(flags, flags.json))
    },
  )
  command('vacuum', 'return free space in the database file to the disk; jobs wait during that time').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { vacuumDatabase } = await import('../../commands/database.ts')
      end(await vacuumDatabase(flags, flags.json))
    },
  )
  command('tables', 'list the tables, and the changes that each allows').action(
    async (_own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { listTables } = await import('../../commands/tables.ts')
      end(await listTables(flags, flags.json))
    },
  )
  command('rows <table>', 'print the rows of a table')
    .option('--filter <text>', 'only rows that contain this text; column:text for one column')
    .option('--sort <column>', 'sort by a column; -column for descending order')
    .option('--limit <n>', 'maximum number of rows (default: all)')
    .option('--csv', 'print CSV', false)
    .action(async (table: string, _own: unknown, command: Command) => {
      const flags: CommandFlags & RowFlags = command.optsWithGlobals()
      const { printRows } = await import('../../commands/tables.ts')
      end(await printRows(flags, table, flags))
    })
  command('set <table> <change...>', 'change a row, such as --key id=7 priority=5 due_at="2026-12-01 08:00"')
    .requiredOption(
      '--key <column=value>',
      'a column of the key of the row; repeat for each column of the key',
      repeated,
      [],
    )
    .action(async (table: string, changes: readonly string[], _own: unknown, command: Command) => {
      const flags: CommandFlags & KeyFlags = command.optsWithGlobals()
      const { changeRow } = await import('../../commands/tables.ts')
      end(await changeRow(flags, table, flags.key, changes, flags.json))
    })
  command('add <table> <value...>', 'add a row, such as name=orders value=0').action(
    async (table: string, values: readonly string[], _own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { addRow } = await import('../../commands/tables.ts')
      end(await addRow(flags, table, values, flags.json))
    },
  )
  command('remove <table>', 'remove a row, such as --key id=7')
    .requiredOption(
      '--key <column=value>',
      'a column of the key of the row; repeat for each column of the key',
      repeated,
      [],
    )
    .action(async (table: string, _own: unknown, command: Command) => {
      const flags: CommandFlags & KeyFlags = command.optsWithGlobals()
      const { removeRow } = await import('../../commands/tables.ts')
      end(await removeRow(flags, table, flags.key, flags.json))
    })
}

interface KeyFlags {
  readonly key: readonly string[]
}
