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

/** Returns the words for the output of a command, in the language of its operator. */
export function wordsOf(project: Project): Catalogue {
  return translatorFor(languageOf(project)).words
}

/**
 * Sources of the language that take precedence over the operator's choice in the console, because
 * they are meant for this start of the program.
 */
const OF_THIS_START: readonly Source[] = ['flag', 'environment', '.env']

/**
 * Returns the language chosen in the console, unless a flag or a variable of this start sets
 * another; null if there is no such choice.
 */
export function chosenLanguage({ paths, resolved }: Project): Language | null {
  return OF_THIS_START.includes(resolved.sources.language) ? null : readOperatorLanguage(paths)
}

/**
 * Returns the language of screens, commands and reports, from the first source that sets it: flag,
 * environment, `.env`, the choice in the console, the configuration, the system.
 */
export function languageOf(project: Project): Language {
  return chosenLanguage(project) ?? messageLanguageOf(project)
}

/**
 * Returns the language of messages. Other people read them, so a choice in the console does not
 * change it.
 */
export function messageLanguageOf({ resolved }: Pick<Project, 'resolved'>): Language {
  const { language } = resolved.config
  return language === '' ? detectLanguage(process.env) : language
}

/** Returns the absolute folder of the automatic backups. */
export function backupFolder({ paths, resolved }: Pick<Project, 'paths' | 'resolved'>): string {
  return resolve(paths.root, resolved.config.backupFolder)
}

/** Flags that every command has. */
export interface ProjectFlags {
  readonly root?: string | undefined
  /**
   * User to whom `root` is consent, as a uid or SID; absent: the owner of the project when it is
   * opened.
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
   * asked.
   */
  readonly owner: string | undefined
  /** Absolute path of the configuration file. */
  readonly configFile: string
  /** Source of the project's proxies. */
  readonly proxies: Proxies
  /**
   * Returns the credentials of sites.
   * @throws `config-invalid` if a password is missing.
   */
  sites(): SiteLogin[]
  /**
   * Returns the settings of notifications.
   * @throws `config-invalid` if a secret is missing.
   */
  notify(): NotifySettings
  /**
   * Variables of `.env` for workflows, such as the password of a login. Workflows read them from
   * their environment.
   */
  readonly variables: Variables
  /**
   * Makes processes that are started later inherit the `variables`, and no secrets of this program.
   * Removes the variables of an earlier `.env`.
   */
  giveVariables(): void
  /**
   * Checks again that no other user can change the project, before its code is loaded again or a
   * job starts. With `program`, also checks the installed package before it is executed. Checks
   * nothing on Windows, where a check starts processes and takes a second.
   * | @throws {AutomateError} config-invalid
   */
  requireTrust(what?: TrustSubject): void
  /** True if a file of the configuration has changed since it was read. */
  hasChanged(): boolean
  /**
   * Returns the same project with its current configuration.
   * | @throws {AutomateError} config-invalid – also if the configuration file or `.env` was
   * removed.
   */
  reread(): Promise<Project>
  /**
   * Returns the texts that no file, message or report may contain. Includes texts from before the
   * last `reread`, because running jobs still use them. This process knows them (`knownSecrets`),
   * and the passwords of proxies once their list is read.
   * @throws the errors of `sites` and `notify`.
   */
  secrets(): string[]
}

/**
 * Finds the project and resolves its configuration: flag, environment, `.env`, file, default. With
 * `readOnly` its paths make no folders.
 * | @throws {AutomateError} no-project
 * @throws {AutomateError} environment-unfit – without `readOnly`, if root runs this in the project
 * of another user.
 * @throws {AutomateError} config-invalid – also if another user owns the project or may write it.
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

/** Folder of workflows if the configuration names no other. */
const USUAL_WORKFLOWS = 'workflows'

/** State that remains when the configuration is read again. */
interface Kept {
  /** Environment at the start of the program. Secrets are removed from that of the process. */
  readonly environment: Variables
  /** Variables that the environment of the process has from `.env`. */
  readonly given: Set<string>
  /** Secrets of all earlier configurations. */
  readonly secrets: readonly string[]
  /** Files of the last reading; null before the first one. */
  readonly files: ConfigFiles | null
  /**
   * Owner to whom there is consent. Does not change with the owner of the folder, because consent
   * to one user is none to the next.
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
 * that cannot be read, because credentials in an address are redacted anyway.
 */
export async function knowProxySecrets({ proxies }: Project): Promise<void> {
  await proxies.list().catch(() => undefined)
}

/**
 * Describes the project's workflows without loading them into this process. `how` may ask for one
 * of them, or receive them early.
 * | @throws {AutomateError} config-invalid – if another user now owns the project, or may write it.
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

/** Returns the absolute folders of the workflows. */
export function workflowFolders(
  { root }: Pick<ProjectPaths, 'root'>,
  { workflows }: ResolvedConfig['config'],
): string[] {
  return workflows.map(folder => resolve(root, folder))
}

/**
 * Returns the folder of the workflows that come with the program. It is not checked, because the
 * program runs already.
 */
export const bundledWorkflows = (): string =>
  dirname(entryPath(import.meta.url, '../../demo/workflows/cheapest-offer'))

/**
 * Removes secrets from the environment, which later processes inherit. Workers and browsers do not
 * need them.
 */
function keepFromChildren(names: readonly string[], given: Set<string>): void {
  for (const name of names) takeBack(name, given)
}

function giveToChildren(variables: Variables, given: Set<string>): void {
  for (const name of given) if (variables[name] === undefined) takeBack(name, given)
  for (const [name, value] of Object.entries(variables)) {
    // On Windows the name may be in the environment in other letter case.
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

/** Returns all secrets or, if one is missing from the configuration, the certain secrets. */
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
  /** Environment, with the values of `.env` for missing variables. */
  readonly env: Variables
  readonly dotEnv: Variables
  readonly files: ConfigFiles
  /** Returns the checked paths, with the current code. */
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
  // Precedes the author's code, which can fail with a secret in its message.
  knownSecrets.add(secretsOfEnvironment(env))
  const values = await readConfigFile(files.config)
  const name = basename(files.config)
  // AUTOMATE_TRUST is no setting, because a project must not be able to trust itself.
  const settings = Object.fromEntries(Object.entries(environment).filter(([key]) => key !== TRUST_VARIABLE))
  const layers: readonly Layer[] = [
    { source: 'flag', name: 'the flags', values: flagValues(flags), nameOf: setting => `--${setting}` },
    environmentLayer('environment', settings),
    environmentLayer('.env', dotEnv),
    { source: 'file', name, values, nameOf: () => name },
  ]
  // A refusal can quote a secret.
  knownSecrets.add([...secretVariables(layers)].flatMap(variable => env[variable] ?? []))
  const resolved = resolveConfig(layers, root)
  const folders = workflowFolders({ root }, resolved.config).filter(one => one !== bundledWorkflows())
  const browser = namedBrowser(resolved.config, env)
  // The existing paths and the contents of folders may change between checks.
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
  // A path on the command line is relative to the current folder, as in other programs.
  const program = browser === undefined || browser === '' ? browser : resolve(browser)
  return { workers, browser: program, cdp, language, headless: headed === true ? false : undefined }
}
