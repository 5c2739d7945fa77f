import { fileURLToPath } from 'node:url'

/**
 * Returns the path of an entry file, relative to a module, with the extension `.ts` in the sources
 * and `.js` in the compiled package. Example: `entryPath(import.meta.url, './worker.entry')`.
 */
export function entryPath(moduleUrl: string, entry: string): string {
  const extension = new URL(moduleUrl).pathname.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(entry + extension, moduleUrl))
}
