import type { Command } from 'commander'
import type { ProjectFlags } from '../../../lib/app/project/project.ts'
import type { CommandFlags, End } from './command-flags.ts'

/** Registers the commands for authors of workflows: `init`, `new workflow` and `test`. */
export function addAuthoring(program: Command, end: End): void {
  program
    .command('init [folder]')
    .description('create a project that is ready to run: settings, a workflow and its test')
    .option('--json', 'print JSON', false)
    .action(async (folder: string | undefined, _own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { makeProject } = await import('../../commands/new.ts')
      end(await makeProject(flags, folder ?? flags.root ?? '.', flags.json))
    })
  program
    .command('new')
    .description('add files to a project')
    .command('workflow <name>')
    .description('add a workflow and its test')
    .option('--json', 'print JSON', false)
    .action(async (name: string, _own: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { makeWorkflow } = await import('../../commands/new.ts')
      end(await makeWorkflow(flags, name, flags.json))
    })
  program
    .command('test [files...]')
    .description("run the project's tests with Node's test runner")
    .action(async (files: readonly string[], _own: unknown, command: Command) => {
      const flags: ProjectFlags = command.optsWithGlobals()
      const { runTests } = await import('../../commands/test.ts')
      end(await runTests(flags, files))
    })
}
