import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Clock } from '../core/time/clock.ts'
import { readTextFile } from '../core/disk/text-file.ts'
import { AutomateError, isAutomateError, messageOf } from '../core/errors/errors.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import { parseProxy } from '../model/proxy/proxy-address.ts'
import type { Proxy } from '../model/proxy/proxy-address.ts'
import { withDistinctIds } from '../model/proxy/distinct-proxies.ts'
import { callProxies } from '../loader/client/call-proxies.ts'
import type { ProxySetting } from './settings/proxy-setting.ts'

/** Time for which the result of the project's function is reused. */
const ANSWER_KEPT_MS = 60_000

export interface Proxies {
  readonly configured: boolean
  /**
   * Returns the proxies.
   * @throws `config-invalid` if the proxies cannot be read or are invalid. The message names the
   * file and the line, or the function, but never the credentials.
   * @throws `environment-unfit` if entries differ only in their password, and the user's key cannot
   * be read or made.
   */
  list(): Promise<readonly Proxy[]>
  /** Ends a running call of the project's function. The callers of `list` receive an error. */
  abandon(): void
}

const NOTHING = () => undefined

export interface ProxySourceDependencies {
  readonly clock: Clock
  /**
   * Throws if another user can change the project's code, so that the function must not be called.
   */
  readonly requireTrust: () => void
  /** Returns the secret key for the ids of entries that differ only in their password. */
  readonly key: () => Uint8Array
}

/**
 * Creates the source of a project's proxies from the setting. `configFile` is the name of the file
 * that contains the function.
 */
export function proxySource(
  setting: ProxySetting,
  root: string,
  configFile: string,
  deps: ProxySourceDependencies,
): Proxies {
  const source = readerOf(setting, root, configFile, deps)
  let read: readonly Proxy[] = []
  let distinct: readonly Proxy[] = []
  return {
    ...source,
    async list() {
      const proxies = await source.list()
      if (proxies !== read) {
        distinct = withDistinctIds(proxies, deps.key)
        read = proxies
      }
      return distinct
    },
  }
}

/** Returns the source of the entries, which may share an id. */
function readerOf(
  setting: ProxySetting,
  root: string,
  configFile: string,
  deps: ProxySourceDependencies,
): Proxies {
  switch (setting.from) {
    case 'list': {
      const proxies = parseAll(setting.list, index => `"proxies", entry ${index + 1},`)
      return { configured: proxies.length > 0, list: () => Promise.resolve(proxies), abandon: NOTHING }
    }
    case 'file':
      return { configured: true, list: fromFile(resolve(root, setting.file)), abandon: NOTHING }
    case 'function':
      return { configured: true, ...fromFunction(join(root, configFile), deps) }
  }
}

/**
 * Returns a function that reads the proxies from a file, and reads it again only after a change to
 * the file.
 */
function fromFile(file: string): Proxies['list'] {
  let version = ''
  let proxies: readonly Proxy[] = []
  return () => {
    try {
      const { mtimeMs, size } = statSync(file)
      const now = `${mtimeMs} ${size}`
      if (now !== version) {
        proxies = parseLines(file)
        version = now
      }
      return Promise.resolve(proxies)
    } catch (error) {
      return Promise.reject(unreadable(file, error))
    }
  }
}

function parseLines(file: string): Proxy[] {
  const lines = readTextFile(file).split(/\r?\n/)
  return lines.flatMap((line, index) =>
    line.trim() === '' || line.trim().startsWith('#')
      ? []
      : parseAll([line], () => `${file}, line ${index + 1},`),
  )
}

function unreadable(file: string, error: unknown): AutomateError {
  if (isAutomateError(error)) return error
  return new AutomateError(
    'config-invalid',
    `The proxy file ${file} cannot be read: ${messageOf(error)}. Create it with one proxy per line, or change "proxies".`,
    { cause: error },
  )
}

/**
 * Returns a `list` that calls the project's function in a child process if the last result is too
 * old. Concurrent jobs wait for the same call.
 */
function fromFunction(
  configFile: string,
  { clock, requireTrust }: ProxySourceDependencies,
): Pick<Proxies, 'list' | 'abandon'> {
  let abandoned = new AbortController()
  const call = async () => {
    requireTrust()
    const list = await callProxies(configFile, abandoned.signal)
    return parseAll(list, index => `The function "proxies", entry ${index + 1},`)
  }
  let answer: Promise<readonly Proxy[]> | undefined
  let askedAt = -Infinity
  return {
    list() {
      if (answer === undefined || clock.monotonic() - askedAt > ANSWER_KEPT_MS) {
        askedAt = clock.monotonic()
        answer = call()
        // After a failed call, the next job calls the function again.
        answer.catch(() => (answer = undefined))
      }
      return answer
    },
    abandon() {
      abandoned.abort()
      abandoned = new AbortController()
    },
  }
}

function parseAll(entries: readonly string[], name: (index: number) => string): Proxy[] {
  return entries.map((entry, index) => {
    const proxy = parseProxy(entry)
    if (!('problem' in proxy)) {
      if (proxy.login !== null) knownSecrets.add([proxy.login.password])
      return proxy
    }
    throw new AutomateError('config-invalid', `${name(index)} ${proxy.problem}.`)
  })
}
