import { PROFILE_NAME } from '../../../core/ids.ts'
import { ProjectPaths } from '../../../core/process/paths.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import { chromeStem } from '../../../files/artefact-stem.ts'
import { chromeFiles } from '../launch/chrome-files.ts'
import type { ChromeFiles } from '../launch/chrome-files.ts'
import { startChrome } from '../launch/start-chrome.ts'
import type { StartingChrome } from '../launch/starting-chrome.ts'
import { readOrder } from '../../worker/read-command.ts'

/** A Chrome that was started before the other modules were loaded. */
export interface PrelaunchedBrowser {
  readonly chrome: StartingChrome
  readonly files: ChromeFiles
}

/**
 * Starts a worker's first Chrome while the rest of the worker loads, because both take the same
 * time. The launch document is only partly checked here. The full check follows once the schemas
 * are loaded, and ends the Chrome if the document is invalid. Returns undefined if the document
 * cannot be read.
 */
export function prelaunchBrowser(launchFile: string, now: number): PrelaunchedBrowser | undefined {
  try {
    const glance: unknown = JSON.parse(readOrder(launchFile))
    if (!looksRight(glance)) return undefined
    const { root, workerId, profile, launch } = glance
    const files = chromeFiles(new ProjectPaths(root), chromeStem(workerId, 1), profile, now)
    return { chrome: startChrome({ launch, folders: files, output: files.output }), files }
  } catch {
    // The same error occurs again later, when it can be reported.
    return undefined
  }
}

function looksRight(
  value: unknown,
): value is { workerId: string; root: string; profile: string; launch: LaunchProfile } {
  if (!isRecord(value) || !isRecord(value['launch'])) return false
  const { root, profile, workerId, launch } = value
  const { executable, kind, headless, extraArgs, cdp, proxyServer, limits } = launch
  return (
    [root, executable, kind, workerId].every(one => typeof one === 'string' && one !== '') &&
    typeof headless === 'boolean' &&
    (cdp === 'pipe' || cdp === 'port') &&
    (proxyServer === null || typeof proxyServer === 'string') &&
    typeof profile === 'string' &&
    PROFILE_NAME.test(profile) &&
    Array.isArray(extraArgs) &&
    extraArgs.every(one => typeof one === 'string') &&
    isRecord(limits) &&
    typeof limits['outputBytes'] === 'number'
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
