import { systemClock } from '../../../lib/core/time/clock.ts'
import type { WorkerSecrets } from '../../../lib/model/worker/worker-secrets.ts'
import { openBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import type { OpenBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import { browserFolders } from './browser-folders.ts'
import type { ForwardProxy } from './forward-proxy.ts'
import { newFolder } from '../store/project.ts'
import { testBrowser } from '../processes/worker-run.ts'

export interface Guarded extends OpenBrowser {
  /** Signal that aborts with the refusal as its reason. */
  readonly lost: AbortSignal
}

/**
 * Opens a browser of this machine as a worker does, with or without a proxy. The end of the test
 * closes it.
 */
export async function guardedBrowser(
  t: { teardown(end: () => unknown): unknown },
  proxy: Pick<ForwardProxy, 'address' | 'credentials'> | null,
  access: Partial<WorkerSecrets> = {},
  extraArgs: readonly string[] = [],
): Promise<Guarded> {
  const folder = newFolder()
  const server = proxy?.address ?? null
  const login = proxy?.credentials
  const browser = openBrowser(
    {
      launch: { ...testBrowser(), proxyServer: server, extraArgs: [...extraArgs] },
      access: {
        proxy: server === null || login === undefined ? null : { server, ...login },
        sites: [],
        ...access,
      },
      ...browserFolders(folder),
    },
    systemClock,
  )
  t.teardown(() => browser.close())
  return { ...(await browser.opened), lost: browser.lost }
}
