import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { z } from 'zod'
import { systemClock } from '../../lib/core/time/clock.ts'
import { newProfileName } from '../../lib/core/ids.ts'
import { ProjectPaths } from '../../lib/core/process/paths.ts'
import type { LaunchProfile } from '../../lib/model/worker/documents.ts'
import { chromeFiles } from '../../lib/execution/browser/launch/chrome-files.ts'
import { openBrowser } from '../../lib/execution/browser/launch/open-browser.ts'
import type { WorkerBrowser } from '../../lib/execution/browser/launch/open-browser.ts'
import { listensOn } from '../helpers/processes/listening-process.ts'
import { startProgram } from '../helpers/program/program.ts'
import type { Program } from '../helpers/program/program.ts'
import { untilNothingIsLeft } from '../helpers/processes/process-tree.ts'
import { testBrowser } from '../helpers/processes/worker-run.ts'

const INTRUDER = fileURLToPath(new URL('../fixtures/ports/steals-ports.entry.ts', import.meta.url))

const Version = z.object({ webSocketDebuggerUrl: z.string() })

export interface PortThefts {
  readonly launches: number
  /** Path of an empty folder. */
  readonly root: string
  /** Without an intruder every reserved port goes to its browser. */
  readonly withIntruder: boolean
  /** Browser to start. The default is the browser of the tests. */
  readonly browser?: Pick<LaunchProfile, 'executable' | 'kind'>
}

export interface TheftReport {
  /** Problems in words; empty if there are none. */
  readonly problems: readonly string[]
  /** Ports that the intruder took. */
  readonly stolen: number
  /** Ports of the browsers. */
  readonly ports: readonly number[]
  readonly tookMs: number
}

/**
 * Launches browsers with ports, all at once, while an intruder takes every port that it sees
 * reserved. Each browser must then be reachable on its own port.
 */
export async function stealPorts(
  t: Pick<Test, 'teardown'>,
  { launches, root, withIntruder, browser = testBrowser() }: PortThefts,
): Promise<TheftReport> {
  const paths = new ProjectPaths(root)
  const intruder = withIntruder ? startProgram(t, INTRUDER, [paths.ports]) : undefined
  await intruder?.line('ready')
  const from = performance.now()
  const browsers = Array.from({ length: launches }, (_, n) => launch(paths, n, browser))
  for (const one of browsers) t.teardown(() => one.kill())
  const problems: string[] = []
  const ports: number[] = []
  const opened = await Promise.allSettled(browsers.map(({ opened }) => opened))
  const tookMs = Math.round(performance.now() - from)
  for (const [n, settled] of opened.entries()) {
    if (settled.status === 'rejected') {
      problems.push(`launch ${n}: ${String(settled.reason)}`)
      continue
    }
    const { devtools, pid } = settled.value
    const port = Number(new URL(devtools ?? 'http://none:0').port)
    problems.push(
      ...(await lookAt(port, pid, browsers[n]?.profile ?? '')).map(what => `launch ${n}: ${what}`),
    )
    ports.push(port)
  }
  if (new Set(ports).size !== launches) problems.push(`${new Set(ports).size} ports for ${launches} browsers`)
  const stolen = stolenBy(intruder)
  for (const port of ports.filter(port => stolen.has(port))) problems.push(`port ${port} is the intruder's`)

  for (const left of await Promise.all(browsers.map(browser => browser.close())))
    if (left !== undefined) problems.push(left)
  await untilNothingIsLeft([], paths.profiles)
  if (readdirSync(paths.ports).length > 0)
    problems.push(`locks are left: ${readdirSync(paths.ports).join(' ')}`)
  if (readdirSync(paths.profiles).length > 0) problems.push('profiles are left')
  const { TCPServerWrap: sockets = 0 } = counted(process.getActiveResourcesInfo())
  if (sockets > 0) problems.push(`${sockets} sockets still listen`)
  await intruder?.kill()
  return { problems, stolen: stolen.size, ports, tookMs }
}

function launch(
  paths: ProjectPaths,
  n: number,
  { executable, kind }: Pick<LaunchProfile, 'executable' | 'kind'>,
): WorkerBrowser {
  const folders = chromeFiles(paths, `launch_${n}`, newProfileName(), systemClock.now())
  return openBrowser(
    { launch: { ...testBrowser(), executable, kind, cdp: 'port' }, folders, output: folders.output },
    systemClock,
  )
}

/**
 * Checks a port from outside: the process that responds there, and the process that listens.
 * Returns the problems.
 */
async function lookAt(port: number, pid: number | null, profile: string): Promise<string[]> {
  const file = join(profile, 'DevToolsActivePort')
  // Only a headless shell writes the file for a given port.
  const [, path = 'nothing'] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : ['', '']
  const answer = await fetch(`http://127.0.0.1:${port}/json/version`)
  const { webSocketDebuggerUrl } = Version.parse(await answer.json())
  const problems: string[] = []
  if (!webSocketDebuggerUrl.endsWith(path)) problems.push(`${port} leads to ${webSocketDebuggerUrl}`)
  if (process.platform === 'linux' && !listensOn(pid ?? 0).includes(`127.0.0.1:${port}`))
    problems.push(`${port} is not held by process ${pid ?? 'none'}`)
  return problems
}

function stolenBy(intruder: Program | undefined): Set<number> {
  const lines = intruder?.lines.filter(line => line.startsWith('stolen ')) ?? []
  return new Set(lines.map(line => Number(line.slice('stolen '.length))))
}

function counted(names: readonly string[]): Partial<Record<string, number>> {
  const counts: Partial<Record<string, number>> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
