import type { Command } from 'commander'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import type { ExitCode } from '../exit-code.ts'
import { openProject } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'

type End = (code: ExitCode) => void
type CommandFlags = ProjectFlags & { readonly json: boolean }

/** Commands that tell what happened and what runs. */
export function addReportCommands(program: Command, end: End): void {
  const report = (name: string, description: string) =>
    program.command(name).description(description).option('--json', 'print JSON', false)

  report('crashes [crash]', 'list crash reports, or show one')
    .option('--limit <n>', 'how many at most, the newest first (default: 200)')
    .option('--bundle [file]', 'write it with its logs and picture as a zip without secrets, to hand on')
    .action(async (id: string | undefined, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { bundle?: string | true; limit?: string } = command.optsWithGlobals()
      if (flags.bundle !== undefined) {
        if (id === undefined)
          throw new AutomateError('usage', '--bundle takes the number of a crash before it.')
        const { writeBundle } = await import('../commands/crash-bundle.ts')
        const file = flags.bundle === true ? undefined : flags.bundle
        end(await writeBundle(flags, id, file, flags.json))
        return
      }
      const { listCrashes, showCrash } = await import('../commands/reports.ts')
      end(await (id === undefined ? listCrashes(flags, flags.json) : showCrash(flags, id, flags.json)))
    })
  report('report <job>', 'write the report of a job: its attempts, phases, steps and failures')
    .option('--output <file>', 'where the HTML page goes instead of data/reports')
    .action(async (job: string, _flags: unknown, command: Command) => {
      const flags: CommandFlags & { output?: string } = command.optsWithGlobals()
      const { writeReport } = await import('../commands/report.ts')
      end(await writeReport(flags, job, flags.output, flags.json))
    })
  report('logs', "show today's log lines")
    .option('-f, --follow', 'go on as lines come', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { follow: boolean } = command.optsWithGlobals()
      const { showLogs } = await import('../commands/reports.ts')
      end(await showLogs(flags, flags.follow, flags.json))
    })
  report('status', 'what runs now').action(async (_flags: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { showStatus } = await import('../commands/reports.ts')
    end(await showStatus(flags, flags.json))
  })
  const services = report('services', 'list services, or start, stop, restart one').action(
    async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showServices } = await import('../commands/reports.ts')
      end(await showServices(flags, flags.json))
    },
  )
  for (const wish of ['start', 'stop', 'restart'] as const) {
    services
      .command(`${wish} <service>`)
      .description(`${wish} a service`)
      .option('--json', 'print JSON', false)
      .action(async (name: string, _flags: unknown, command: Command) => {
        const flags: CommandFlags = command.optsWithGlobals()
        const own: { json: boolean } = command.opts()
        const { controlService } = await import('../commands/reports.ts')
        end(await controlService(flags, wish, name, flags.json || own.json))
      })
  }
}

/** Commands about this machine and the settings of the project. */
export function addUpkeepCommands(program: Command, end: End): void {
  addAutostartCommands(program, end)
  program
    .command('doctor')
    .description('check this machine and this project, and say the remedy for what is wrong')
    .option('--fix', 'repair what can be repaired without risk', false)
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags & { fix: boolean } = command.optsWithGlobals()
      const { runDoctor } = await import('../commands/doctor.ts')
      end(await runDoctor(flags, flags.fix, flags.json))
    })
  program
    .command('config')
    .description('the effective configuration, and where each value comes from')
    .option('--json', 'print JSON', false)
    .action(async (_flags: unknown, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { showConfig } = await import('../commands/config.ts')
      end(showConfig(await openProject(flags, { readOnly: true }), flags.json))
    })
}

function addAutostartCommands(program: Command, end: End): void {
  const autostart = program
    .command('autostart')
    .description('let this machine start the scheduler by itself: a systemd user unit, or a Windows task')
  const command = (name: string, description: string) =>
    autostart.command(name).description(description).option('--json', 'print JSON', false)
  command('enable', 'make it a service of this machine, and start it')
    .option('--print', 'print what the system would be told, and change nothing', false)
    .action(async (own: { print: boolean }, command: Command) => {
      const flags: CommandFlags = command.optsWithGlobals()
      const { enableAutostart } = await import('../commands/autostart.ts')
      end(await enableAutostart(flags, own.print, flags.json))
    })
  command('disable', 'stop it, and remove it again').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { disableAutostart } = await import('../commands/autostart.ts')
    end(await disableAutostart(flags, flags.json))
  })
  command('status', 'whether it is one, and how it does').action(async (_own: unknown, command: Command) => {
    const flags: CommandFlags = command.optsWithGlobals()
    const { showAutostart } = await import('../commands/autostart.ts')
    end(await showAutostart(flags, flags.json))
  })
}
