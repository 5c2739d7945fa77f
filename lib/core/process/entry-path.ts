import { fileURLToPath } from 'node:url'

/**
 * Returns the path of an entry beside a module: `.ts` in the sources, `.js` in the compiled
 * package. `entryPath(import.meta.url, './worker.entry')`.
 */
export function entryPath(moduleUrl: string, entry: string): string {
  const extension = new URL(moduleUrl).pathname.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(entry + extension, moduleUrl))
}
