import { pathToFileURL } from 'node:url'
import { entryPath } from '../core/process/entry-path.ts'
import type { LaunchProfile } from '../model/worker/documents.ts'

/**
 * Loads the modules that a job needs later while Chrome starts. A package manager may replace the
 * package while the job runs, and most files of another version have other names, so a later import
 * could fail.
 */
export async function loadAhead({ proxyServer }: LaunchProfile): Promise<void> {
  await Promise.all([
    import('../store/open-store.ts'),
    // The public API, which workflow modules import by the name of the package.
    import(pathToFileURL(entryPath(import.meta.url, '../index')).href),
    ...(proxyServer === null ? [] : [import('./proxy/attribute-proxy-error.ts')]),
  ])
}
