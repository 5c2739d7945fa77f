import { pathToFileURL } from 'node:url'
import { entryPath } from '../core/process/entry-path.ts'
import type { LaunchProfile } from '../model/worker/documents.ts'

/**
 * Loads the later modules of a job while Chrome starts, because a package manager may replace the
 * package while the job runs, and most files of another version have other names.
 */
export async function loadAhead({ proxyServer }: LaunchProfile): Promise<void> {
  await Promise.all([
    import('../store/open-store.ts'),
    // Workflow modules import it by the name of the package.
    import(pathToFileURL(entryPath(import.meta.url, '../index')).href),
    ...(proxyServer === null ? [] : [import('./proxy/attribute-proxy-error.ts')]),
  ])
}
