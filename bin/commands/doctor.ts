import { resolve } from 'node:path'
import { Config } from '../../lib/config/config.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { AutomateError, isAutomateError } from '../../lib/core/errors/errors.ts'
import { ProjectPaths, findProjectRoot } from '../../lib/core/process/paths.ts'
import { sanitiseLine } from '../../lib/core/text/sanitise.ts'
import { CHECKS } from '../../lib/doctor/checks.ts'
import type { DoctorWorld, ExaminedProject } from '../../lib/doctor/check.ts'
import { examine } from '../../lib/doctor/examine.ts'
import type { Examined } from '../../lib/doctor/examine.ts'
import { thisMachine } from '../../lib/execution/browser/find/find-browser.ts'
import { TrialBrowser } from '../../lib/doctor/trial-browser.ts'
import { detectLanguage, isLanguage } from '../../lib/locales/language.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { printResult } from '../output/output.ts'
import { progressLine } from '../output/progress-line.ts'
import type { ProgressLine } from '../output/progress-line.ts'
import { cleanUpOnSignal } from '../shutdown-signals.ts'
import { browserSearch } from '../browser-search.ts'
import { describeProject, languageOf, openProject } from '../../lib/app/project/project.ts'
import type { Project, ProjectFlags } from '../../lib/app/project/project.ts'
import { refuseRoot } from '../../lib/app/project/refuse-root.ts'
import { secretFiles } from '../../lib/app/project/secret-files.ts'
import { isTrustRefusal } from '../../lib/app/project/trust/refusal.ts'

const NAME_WIDTH = 18

/**
 * Checks this machine and this project, and prints each result with its remedy. With `fix`, makes
 * the repairs that carry no risk.
 */
export async function runDoctor(flags: ProjectFlags, fix: boolean, json: boolean): Promise<ExitCode> {
  const progress = progressLine(process.stderr)
  const world = await makeWorld(flags, fix, progress)
  const { words } = world
  if (world.project === null) process.stderr.write(`${words.noProject}\n`)
  const found: Examined[] = []
  const forget = cleanUpOnSignal(() => world.browser.abandon())
  try {
    const onBegin = (id: keyof typeof words.names) => {
      // The check is announced only on a terminal, because each line of the report names its check
      // anyway.
      if (process.stderr.isTTY) world.print(words.checking(words.names[id]))
    }
    for await (const one of examine(world, CHECKS, onBegin)) {
      found.push(one)
      progress.clear()
      if (!json) process.stdout.write(`${lineOf(one, world)}\n`)
    }
  } finally {
    forget()
    await world.browser.close()
  }
  const exitCode = exitCodeFor(found)
  if (json) printResult(report(found, world, exitCode), true, () => '')
  else process.stdout.write(`${sumOf(found, world)}\n`)
  return exitCode
}

async function makeWorld(flags: ProjectFlags, fix: boolean, progress: ProgressLine): Promise<DoctorWorld> {
  const root = findProjectRoot(flags.root === undefined ? process.cwd() : resolve(flags.root))
  if (fix && root !== undefined) refuseRoot(root, process.env)
  const opened = root === undefined ? null : await openOrRefuse(flags)
  const project = opened instanceof AutomateError || opened === null ? null : opened
  const isTrusted = !isTrustRefusal(opened)
  const config = project?.resolved.config ?? Config.parse({})
  const { language = '' } = flags
  const withoutProject = isLanguage(language) ? language : detectLanguage(process.env)
  const t = translatorFor(project === null ? withoutProject : languageOf(project))
  return {
    project: root === undefined ? null : examined(root, project, fix && isTrusted),
    config,
    configError: opened instanceof AutomateError ? opened : null,
    isTrusted,
    fix,
    search: project === null ? thisMachine() : browserSearch(project.resolved),
    browser: new TrialBrowser(systemClock, config),
    words: t.words.doctor,
    t,
    clock: systemClock,
    print: line => progress.show(line),
  }
}

async function openOrRefuse(flags: ProjectFlags): Promise<Project | AutomateError> {
  try {
    return await openProject(flags, { readOnly: true })
  } catch (error) {
    if (isAutomateError(error)) return error
    throw error
  }
}

function examined(root: string, project: Project | null, fix: boolean): ExaminedProject {
  return {
    root,
    paths: new ProjectPaths(root, { create: fix }),
    secretFiles: secretFiles(root, project),
    describe: async () => {
      if (project === null) return { usable: 0, broken: [] }
      const { workflows, broken } = await describeProject(project)
      return { usable: workflows.length, broken }
    },
    proxies: async () => (project === null ? [] : project.proxies.list()),
    notify: () => project?.notify() ?? null,
  }
}

function lineOf({ id, finding }: Examined, { words }: DoctorWorld): string {
  const head = `${words.status[finding.status].padEnd(9)} ${words.names[id].padEnd(NAME_WIDTH)}`
  const more =
    finding.status === 'ok'
      ? finding.repaired === undefined
        ? []
        : [words.repaired(finding.repaired)]
      : [finding.remedy]
  const margin = ' '.repeat(head.length)
  const [first = '', ...others] = finding.message.split('\n')
  return [
    `${head} ${first}`,
    ...others.map(line => `${margin} ${line}`),
    ...more.map(line => `${margin} → ${line}`),
  ]
    .map(line => sanitiseLine(line))
    .join('\n')
}

function sumOf(found: readonly Examined[], { words, fix, isTrusted }: DoctorWorld): string {
  const count = (status: string) => found.filter(({ finding }) => finding.status === status).length
  const [problems, warnings] = [count('problem'), count('warning')]
  if (problems + warnings === 0) return words.allWell
  const sum = words.sum(words.problems(problems), words.warnings(warnings))
  return fix || !isTrusted ? sum : `${sum} ${words.tryFix}`
}

function report(found: readonly Examined[], { project }: DoctorWorld, exitCode: ExitCode) {
  const checks = found.map(({ id, finding }) => ({ check: id, ...finding }))
  return { ok: exitCode === EXIT.done, exitCode, root: project?.root ?? null, checks }
}

/**
 * Returns the exit code for the findings. An unfit environment takes precedence over an invalid
 * configuration.
 */
function exitCodeFor(found: readonly Examined[]): ExitCode {
  const kinds = found.flatMap(({ finding }) => (finding.status === 'problem' ? [finding.kind] : []))
  if (kinds.includes('environment')) return EXIT.environmentUnfit
  return kinds.includes('configuration') ? EXIT.wrongUsage : EXIT.done
}
