import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { refuseDanglingLink } from '../../lib/core/disk/dangling-link.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { LogLine } from '../../lib/model/log-line.ts'
import { logFolders, startOfDay } from '../../lib/files/logs/log-folders.ts'
import { tailLogs } from '../../lib/files/logs/log-tail.ts'
import { readDocumentsSync } from '../../lib/files/documents/read-documents.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { localTime, printResult } from '../output/output.ts'
import { openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'

/** Prints the newest log lines. With `follow`, keeps printing new lines until the process ends. */
export async function showLogs(flags: ProjectFlags, follow: boolean, json: boolean): Promise<ExitCode> {
  const project = await openProject(flags, { readOnly: true })
  const { paths } = project
  refuseDanglingLink(join(paths.root, 'logs'))
  // Only existing folders are followed, because following would create a missing one, and a command
  // that only reads must not.
  const folders = () => {
    const workers = readDocumentsSync(paths.workerStates, WorkerDocument)
    return logFolders(paths, systemClock.now(), workers).filter(existsSync)
  }
  const tail = tailLogs({ folders, since: startOfDay(systemClock.now()).getTime() })
  const print = (lines: readonly LogLine[]) => {
    for (const line of lines) printResult(line, json, logText)
  }
  await tail.ready
  print(tail.lines)
  if (tail.lines.length === 0 && !json) process.stderr.write(`${wordsOf(project).commands.noLogLines}\n`)
  if (follow) {
    const ended = new Promise<void>(resolve => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
      process.stdout.once('error', () => resolve())
    })
    tail.subscribe(print)
    await ended
  }
  await tail.close()
  return EXIT.done
}

function logText(line: LogLine): string {
  const subject = line.jobId === undefined ? line.source : `job ${line.jobId}`
  return sanitiseLine(
    `${localTime(line.at)}  ${line.level.padEnd(5)}  ${subject.padEnd(10)}  ${line.message}`,
  )
}
