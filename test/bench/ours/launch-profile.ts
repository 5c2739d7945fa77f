import { basename } from 'node:path'
import { DEFAULT_JOB_LIMITS } from '../../../lib/model/job/job-limits.ts'
import type { LaunchProfile } from '../../../lib/model/worker/documents.ts'

/** Returns the launch profile of the bench's browser: headless, CDP over a pipe, no proxy. */
export function launchProfile(browserPath: string): LaunchProfile {
  return {
    executable: browserPath,
    kind: basename(browserPath).includes('headless-shell') ? 'headless-shell' : 'chromium',
    headless: true,
    extraArgs: [],
    cdp: 'pipe',
    proxyServer: null,
    limits: DEFAULT_JOB_LIMITS,
  }
}
