import { fileURLToPath } from 'node:url'

/**
 * The path of an entry beside a module: `.ts` where the sources run, `.js` where the compiled package runs.
 * `entryPath(import.meta.url, './worker.entry')`.
 */
export function entryPath(moduleUrl: string, entry: string): string {
  const extension = new URL(moduleUrl).pathname.endsWith('.ts') ? '.ts' : '.js'
  return fileURLToPath(new URL(entry + extension, moduleUrl))
}
