import { basename, dirname, join, resolve } from 'node:path'
import { describeWorkflows } from '../../catalogue/describe-workflows.ts'
import type { Catalogue as Descriptions, DescribeOptions } from '../../catalogue/describe-workflows.ts'
import { systemClock } from '../../core/time/clock.ts'
import { entryPath } from '../../core/process/entry-path.ts'
import { durationMs } from '../../core/time/duration.ts'
import { secretsOfEnvironment } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { namedBrowser, withAbsoluteBrowser } from '../../config/browser-path.ts'
import { findConfigFiles } from '../../config/config-files.ts'
import type { ConfigFiles } from '../../config/config-files.ts'
import { siteLogins } from '../../config/settings/credentials-setting.ts'
import { notifySettings, notifyVariables } from '../../config/settings/notify-setting.ts'
import { proxySource } from '../../config/proxy-source.ts'
import type { Proxies } from '../../config/proxy-source.ts'
import { userKey } from '../../files/user-key.ts'
import { readConfigFile } from '../../loader/client/read-config-file.ts'
import { readDotEnv } from '../../config/read-dot-env.ts'
import { environmentLayer, resolveConfig, secretVariables } from '../../config/resolve.ts'
import type { Layer, ResolvedConfig, Source } from '../../config/resolve.ts'
import type { SiteLogin } from '../../model/worker/worker-secrets.ts'
import { secretsOfNotify } from '../../model/notify/notify-settings.ts'
import type { NotifySettings } from '../../model/notify/notify-settings.ts'
import type { Catalogue } from '../../locales/en.ts'
import { detectLanguage } from '../../locales/language.ts'
import type { Language } from '../../locales/language.ts'
import { translatorFor } from '../../locales/translator.ts'

import { readOperatorLanguage } from './operator-settings.ts'
import { ProjectPaths, requireProjectRoot } from '../../core/process/paths.ts'
import { InstalledPackage } from '../../platform/package/installed-package.ts'
import { codePaths } from '../../platform/trust/code-paths.ts'
import { ownerOf } from '../../platform/trust/folder-owner.ts'
import { TRUST_VARIABLE } from '../../platform/trust/trusted-folders.ts'
import type { TrustSubject } from '../../platform/trust/untrusted-file.ts'
import { refuseRoot } from './refuse-root.ts'
import { requireTrust, requireTrustedModes } from './require-trust.ts'
import type { TrustQuestion } from './require-trust.ts'
import { pathsOfConfig, pathsOfProgram, pathsOfProject } from './trusted-paths.ts'

/** Returns the texts for the output of a command, in the operator's language. */
export function wordsOf(project: Project): Catalogue {
  return translatorFor(languageOf(project)).words
}

/**
 * Sources whose language takes precedence over the operator's choice in the console, because they
 * are meant for this start of the program.
 */
const OF_THIS_START: readonly Source[] = ['flag', 'environment', '.env']

/**
 * Returns the language that the operator chose in the console, or null if there is no choice. Also
 * returns null if a flag or a variable sets the language for this start.
 */
export function chosenLanguage({ paths, resolved }: Project): Language | null {
  return OF_THIS_START.includes(resolved.sources.language) ? null : readOperatorLanguage(paths)
}

/**
 * Returns the language of screens, commands and reports, taken from the first of these sources that
 * sets it: flag, environment, `.env`, the choice in the console, the configuration, the system.
 */
export function languageOf(project: Project): Language {
  return chosenLanguage(project) ?? messageLanguageOf(project)
}

/**
 * Returns the language of messages to the channels. The choice in the console does not change it,
 * because other people read the messages.
 */
export function messageLanguageOf({ resolved }: Pick<Project, 'resolved'>): Language {
  const { language } = resolved.config
  return language === '' ? detectLanguage(process.env) : language
}

/** Returns the absolute path of the folder for automatic backups. */
export function backupFolder({ paths, resolved }: Pick<Project, 'paths' | 'resolved'>): string {
  return resolve(paths.root, resolved.config.backupFolder)
}

/** Flags that every command has. */
export interface ProjectFlags {
  readonly root?: string | undefined
  /**
   * The only owner of the project that the operator accepts by giving `root`, as a uid or SID. If
   * absent, the user who owns the project when it is opened.
   */
  readonly owner?: string | undefined
  readonly workers?: string | undefined
  readonly browser?: string | undefined
  readonly headed?: boolean | undefined
  readonly cdp?: string | undefined
  readonly language?: string | undefined
}

/** Project of a command: its paths and its effective configuration. */
export interface Project {
  readonly paths: ProjectPaths
  readonly resolved: ResolvedConfig
  /**
   * The only other user who may own the project, as a uid or SID; undefined if Windows was not
   * asked for the owner.
   */
  readonly owner: string | undefined
  /** Absolute path of the configuration file. */
  readonly configFile: string
  /** Source of the project's proxies. */
  readonly proxies: Proxies
  /**
   * Returns the project's credentials for sites.
   * @throws `config-invalid` if a password is missing.
   */
  sites(): SiteLogin[]
  /**
   * Returns the notification settings.
   * @throws `config-invalid` if a secret is missing.
   */
  notify(): NotifySettings
  /**
   * Variables from `.env` that workflows read from their environment, such as the password of a
   * login.
   */
  readonly variables: Variables
  /**
   * Changes the environment of this process so that processes started later inherit `variables`,
   * but no secrets of this program. Removes variables of an earlier `.env`.
   */
  giveVariables(): void
  /**
   * Checks again that no other user can change the project. Called before the project's code is
   * loaded again and before a job starts. With `program`, also checks the installed package before
   * it is executed. Checks nothing on Windows, where a check starts processes and takes a second.
   * @throws `config-invalid` if another user can change the project.
   */
  requireTrust(what?: TrustSubject): void
  /** True if the configuration file or `.env` has changed since it was read. */
  hasChanged(): boolean
  /**
   * Returns the same project with its current configuration.
   * @throws `config-invalid`, also if the configuration file or `.env` was removed.
   */
  reread(): Promise<Project>
  /**
   * Returns the secrets, which no file, message or report may contain. Secrets from before the last
   * `reread` are included, because running jobs still use them. All of them are already known to
   * `knownSecrets` in this process, as are the passwords of proxies once their list has been read.
   * @throws the errors of `sites` and `notify`.
   */
  secrets(): string[]
}

/**
 * Finds the project and resolves its configuration. For each setting the first of these sources
 * counts: flag, environment, `.env`, file, default. With `readOnly`, the paths of the project
 * create no folders.
 * @throws `no-project` if no project is found.
 * @throws `environment-unfit` without `readOnly`, if root runs this in the project of another user.
 * @throws `config-invalid`, also if another user owns the project or may write to it.
 */
export async function openProject(
  flags: ProjectFlags,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<Project> {
  const root = requireProjectRoot(flags.root === undefined ? process.cwd() : resolve(flags.root))
  if (!readOnly) refuseRoot(root, process.env)
  const project = await projectAt(root, flags, {
    environment: { ...process.env },
    given: new Set(),
    secrets: [],
    files: null,
    owner: flags.owner ?? ownerOf(root),
    readOnly,
  })
  project.giveVariables()
  return project
}

/** Folder that is assumed to contain the workflows until the configuration has been read. */
const USUAL_WORKFLOWS = 'workflows'

/** State that is kept when the configuration is read again. */
interface Kept {
  /**
   * Environment at the start of the program, including the secrets that were removed from the
   * environment of the process.
   */
  readonly environment: Variables
  /** Names of the variables that were added to the environment of the process from `.env`. */
  readonly given: Set<string>
  /** Secrets of all earlier configurations. */
  readonly secrets: readonly string[]
  /** Files from which the configuration was last read; null before the first time. */
  readonly files: ConfigFiles | null
  /**
   * Owner of the project whom the operator accepts. Does not follow a change of the folder's owner,
   * because accepting one user does not mean accepting the next.
   */
  readonly owner: string | undefined
  readonly readOnly: boolean
}

async function projectAt(root: string, flags: ProjectFlags, kept: Kept): Promise<Project> {
  const { environment, given } = kept
  const { resolved, env, dotEnv, files, trustQuestion } = await readConfig(root, flags, kept)
  const { proxies, credentials, notify, secrets } = resolved.config
  const ours = [
    'AUTOMATE_PROXIES',
    'AUTOMATE_CREDENTIALS',
    'AUTOMATE_NOTIFY',
    ...credentials.flatMap(one => one.passwordEnv ?? []),
    ...notifyVariables(notify),
  ]
  const variables = Object.fromEntries(
    Object.entries(dotEnv).filter(
      ([name]) => !name.startsWith('AUTOMATE_') && !ours.includes(name) && environment[name] === undefined,
    ),
  )
  const requireTrustAgain = (what: TrustSubject = 'project') => requireTrustedModes(trustQuestion(what))
  const source = proxySource(proxies, root, basename(files.config), {
    clock: systemClock,
    requireTrust: () => requireTrustAgain(),
    key: () => userKey(),
  })
  const sites = () => siteLogins(credentials, env)
  const ofEnvironment = [...secretsOfEnvironment(env), ...secrets.flatMap(name => env[name] ?? [])]
  const allSecrets = () => [
    ...new Set([
      ...kept.secrets,
      ...ofEnvironment,
      ...sites().map(({ password }) => password),
      ...secretsOfNotify(notifySettings(notify, env)),
    ]),
  ]
  knownSecrets.add(secretsIfWhole(allSecrets, ofEnvironment))
  return {
    paths: new ProjectPaths(root, { create: !kept.readOnly }),
    resolved,
    owner: kept.owner,
    configFile: files.config,
    proxies: source,
    variables,
    giveVariables() {
      keepFromChildren(ours, given)
      giveToChildren(variables, given)
    },
    requireTrust: requireTrustAgain,
    hasChanged: files.haveChanged,
    reread: () =>
      projectAt(root, flags, { ...kept, files, secrets: secretsIfWhole(allSecrets, ofEnvironment) }),
    sites,
    notify: () => notifySettings(notify, env),
    secrets: allSecrets,
  }
}

/**
 * Reads the project's list of proxies, so that this process knows their passwords. Ignores a list
 * that cannot be read, because credentials in a proxy's address are redacted anyway.
 */
export async function knowProxySecrets({ proxies }: Project): Promise<void> {
  await proxies.list().catch(() => undefined)
}

/**
 * Describes the project's workflows without loading their code into this process. `how.wanted`
 * names the only workflow that is needed. `how.onKnown` receives the workflows that could be read
 * quickly, while the others are still being read.
 * @throws `config-invalid` if another user now owns the project or may write to it.
 */
export async function describeProject(
  project: Project,
  how: Pick<DescribeOptions, 'wanted' | 'onKnown' | 'signal'> = {},
): Promise<Descriptions> {
  project.requireTrust()
  const {
    paths,
    resolved: { config },
  } = project
  return describeWorkflows({
    ...how,
    folders: workflowFolders(paths, config),
    timeoutMs: durationMs(config.loadTimeout),
  })
}

/** Returns the absolute paths of the folders that contain the workflows. */
export function workflowFolders(
  { root }: Pick<ProjectPaths, 'root'>,
  { workflows }: ResolvedConfig['config'],
): string[] {
  return workflows.map(folder => resolve(root, folder))
}

/**
 * Returns the folder of the workflows that are part of the program. It is not checked, because the
 * program is running already.
 */
export const bundledWorkflows = (): string =>
  dirname(entryPath(import.meta.url, '../../demo/workflows/cheapest-offer'))

/**
 * Removes secrets from the environment of this process, because workers and browsers would inherit
 * them and do not need them.
 */
function keepFromChildren(names: readonly string[], given: Set<string>): void {
  for (const name of names) takeBack(name, given)
}

function giveToChildren(variables: Variables, given: Set<string>): void {
  for (const name of given) if (variables[name] === undefined) takeBack(name, given)
  for (const [name, value] of Object.entries(variables)) {
    // `process.env` is read, because on Windows the variable may have been set with a different
    // letter case.
    if (value === undefined || (process.env[name] !== undefined && !given.has(name))) continue
    process.env[name] = value
    given.add(name)
  }
}

function takeBack(name: string, given: Set<string>): void {
  // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- the names are those of the configuration and of `.env`
  delete process.env[name]
  given.delete(name)
}

/**
 * Returns the result of `all`, or `certain` if a secret that the configuration names is missing.
 */
function secretsIfWhole(all: () => string[], certain: readonly string[]): readonly string[] {
  try {
    return all()
  } catch {
    return certain
  }
}

type Variables = Readonly<Record<string, string | undefined>>

interface ReadConfig {
  readonly resolved: ResolvedConfig
  /** Environment of the program. `.env` supplies the variables that are not set there. */
  readonly env: Variables
  readonly dotEnv: Variables
  readonly files: ConfigFiles
  /** Returns the check for the paths as they are now, because code may have been added. */
  readonly trustQuestion: (what?: TrustSubject) => TrustQuestion
}

async function readConfig(
  root: string,
  flags: ProjectFlags,
  { environment, files: before, owner }: Kept,
): Promise<ReadConfig> {
  const isNamed = flags.root !== undefined && resolve(flags.root) === root
  const trust = { root, isNamed, owner, env: environment }
  const first = pathsOfProject(root)
  await requireTrust({ ...trust, paths: first, likely: () => codePaths(join(root, USUAL_WORKFLOWS)) })
  const files = findConfigFiles(root, before)
  const dotEnv = files.dotEnv === null ? {} : withAbsoluteBrowser(readDotEnv(files.dotEnv), root)
  const env = { ...dotEnv, ...environment }
  // Must precede the author's code, because an error of that code can contain a secret.
  knownSecrets.add(secretsOfEnvironment(env))
  const values = await readConfigFile(files.config)
  const name = basename(files.config)
  // AUTOMATE_TRUST is not a setting, because a project must not be able to trust itself.
  const settings = Object.fromEntries(Object.entries(environment).filter(([key]) => key !== TRUST_VARIABLE))
  const layers: readonly Layer[] = [
    { source: 'flag', name: 'the flags', values: flagValues(flags), nameOf: setting => `--${setting}` },
    environmentLayer('environment', settings),
    environmentLayer('.env', dotEnv),
    { source: 'file', name, values, nameOf: () => name },
  ]
  // Must precede `resolveConfig`, because its error can quote a secret.
  knownSecrets.add([...secretVariables(layers)].flatMap(variable => env[variable] ?? []))
  const resolved = resolveConfig(layers, root)
  const folders = workflowFolders({ root }, resolved.config).filter(one => one !== bundledWorkflows())
  const browser = namedBrowser(resolved.config, env)
  // Determined at each check, because files may have been added or removed since the last one.
  const trustQuestion = (what?: TrustSubject) => ({
    ...trust,
    paths: [
      ...pathsOfProject(root),
      ...pathsOfConfig(root, folders, { ...resolved.config, browser }),
      ...(what === 'program' ? pathsOfProgram(new InstalledPackage().folder, process.argv[1] ?? '') : []),
    ],
  })
  await requireTrust({ ...trustQuestion(), checked: [root, ...first] })
  return { resolved, env, dotEnv, files, trustQuestion }
}

function flagValues({ workers, browser, headed, cdp, language }: ProjectFlags): Record<string, unknown> {
  // A path on the command line is relative to the working directory, as in other programs.
  const program = browser === undefined || browser === '' ? browser : resolve(browser)
  return { workers, browser: program, cdp, language, headless: headed === true ? false : undefined }
}
