import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import { PROJECT_MARKERS } from '../../lib/core/process/project-place.ts'
import { WorkflowName } from '../../lib/model/job/workflow.ts'
import { EXIT } from '../exit-code.ts'
import type { ExitCode } from '../exit-code.ts'
import { refuseExisting, writeNew } from '../output/new-files.ts'
import type { NewFile } from '../output/new-files.ts'
import { printResult } from '../output/output.ts'
import { languageOf, openProject, wordsOf } from '../../lib/app/project/project.ts'
import type { ProjectFlags } from '../../lib/app/project/project.ts'
import { refuseRoot } from '../../lib/app/project/refuse-root.ts'
import { requireTrust } from '../../lib/app/project/require-trust.ts'
import { pathsOfProject } from '../../lib/app/project/trusted-paths.ts'
import { invocationName } from '../invocation.ts'
import { writeEditorTypes } from '../output/editor-types.ts'
import { readTemplate } from '../output/templates.ts'

/** Name of the workflow in the templates, which is replaced by the new name. */
const TEMPLATE_NAME = 'page-title'

/** Name of the folder for workflows in a new project. */
const WORKFLOWS = 'workflows'

/**
 * Content of the `.env` file of a new project. The file is created here so that only the user can
 * read it, which an editor would not ensure.
 */
const DOT_ENV = '# Secrets of this project, such as TELEGRAM_TOKEN=…. Git ignores this file.\n'

const GITIGNORE = ['node_modules/', 'data/', 'logs/', '.env', ''].join('\n')

/**
 * Creates a project that is ready to run. Existing files in the folder (README, package.json,
 * .gitignore) are not changed.
 * @throws `usage` if the folder is already a project.
 */
export async function makeProject(flags: ProjectFlags, folder: string, json: boolean): Promise<ExitCode> {
  const root = resolve(folder)
  const marker = PROJECT_MARKERS.find(name => existsSync(join(root, name)))
  if (marker !== undefined) {
    throw new AutomateError(
      'usage',
      `${root} is already a project, because it contains ${marker}. Add a workflow to it with "automate-tui new workflow <name>".`,
    )
  }
  const workflow = workflowFiles(WORKFLOWS, TEMPLATE_NAME)
  refuseExisting(root, workflow)
  refuseRoot(root, process.env)
  const places = [...pathsOfProject(root), join(root, WORKFLOWS)]
  await requireTrust({ root, paths: places, isNamed: true, env: process.env })
  makeFolder(root)
  const config: NewFile = {
    path: PROJECT_MARKERS[0],
    text: readTemplate('automate.config.ts'),
    isPrivate: true,
  }
  const written = writeNew(root, [config, ...workflow])
  const project = await openProject({ ...flags, root })
  const { scaffold } = wordsOf(project)
  const about: NewFile[] = [
    { path: 'README.md', text: readme(languageOf(project), basename(root)) },
    { path: 'package.json', text: packageJson(basename(root)) },
    { path: 'tsconfig.json', text: readTemplate('project.tsconfig.json') },
    { path: '.gitignore', text: GITIGNORE },
    { path: '.env', text: DOT_ENV, isPrivate: true },
  ]
  const kept = about.filter(({ path }) => existsSync(join(root, path)))
  written.push(
    ...writeNew(
      root,
      about.filter(file => !kept.includes(file)),
    ),
  )
  writeEditorTypes(project.paths)
  printResult({ root, written, kept: kept.map(({ path }) => path) }, json, () =>
    [
      scaffold.made(root),
      ...written.map(path => `  ${path}`),
      ...kept.map(({ path, text }) =>
        path === '.gitignore'
          ? scaffold.ignore(path, text.trim().split('\n').join(', '))
          : scaffold.kept(path),
      ),
      '',
      scaffold.next,
      ...(root === process.cwd() ? [] : [`  cd ${quoted(relative(process.cwd(), root))}`]),
      ...commands(scaffold, TEMPLATE_NAME, root),
    ].join('\n'),
  )
  return EXIT.done
}

/**
 * Adds a workflow with its test to the project.
 * @throws `usage` if the name is invalid or if the file exists.
 */
export async function makeWorkflow(flags: ProjectFlags, name: string, json: boolean): Promise<ExitCode> {
  const parsed = WorkflowName.safeParse(name)
  if (!parsed.success) {
    throw new AutomateError('usage', `"${name}" is not valid: ${parsed.error.issues[0]?.message ?? ''}.`)
  }
  const project = await openProject(flags)
  const { scaffold } = wordsOf(project)
  const files = workflowFiles(project.resolved.config.workflows[0] ?? WORKFLOWS, parsed.data)
  refuseExisting(project.paths.root, files)
  const written = writeNew(project.paths.root, files)
  writeEditorTypes(project.paths)
  printResult({ root: project.paths.root, written }, json, () =>
    [
      scaffold.added(name),
      ...written.map(path => `  ${path}`),
      '',
      scaffold.next,
      ...commands(scaffold, name, project.paths.root),
    ].join('\n'),
  )
  return EXIT.done
}

const quoted = (path: string) => (path.includes(' ') ? `"${path}"` : path)

function commands(
  { does }: ReturnType<typeof wordsOf>['scaffold'],
  workflow: string,
  root: string,
): string[] {
  const program = invocationName(root)
  const rows: [command: string, does: string][] = [
    [`${program} run ${workflow}`, does.run],
    [`${program} test`, does.test],
    [program, does.console],
  ]
  const width = Math.max(...rows.map(([command]) => command.length))
  return rows.map(([command, text]) => `  ${command.padEnd(width)}  ${text}`)
}

function workflowFiles(folder: string, name: string): NewFile[] {
  return ['.ts', '.test.ts'].map(ending => ({
    path: join(folder, `${name}${ending}`),
    text: readTemplate(`workflow${ending}`).replaceAll(TEMPLATE_NAME, name),
  }))
}

function readme(language: string, name: string): string {
  return readTemplate(`README.${language}.md`).replaceAll('{{name}}', name)
}

function packageJson(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|(?<!-)-+$/g, '')
  const content = {
    name: name === '' ? 'automation' : name,
    private: true,
    type: 'module',
    scripts: { start: 'automate-tui', test: 'automate-tui test' },
  }
  return `${JSON.stringify(content, null, 2)}\n`
}
