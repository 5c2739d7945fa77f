import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { entryPath } from '../../core/process/entry-path.ts'

/**
 * Names by which a project's modules import this package, with the files that they resolve to. They
 * always resolve to the running package, even if the project has another copy installed, or none.
 */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([
  ['automate-tui', '../../index'],
  ['automate-tui/testing', '../../testing/index'],
])
const TYPESCRIPT = /\.[cm]?tsx?$/

let mapped = false

/**
 * Registers a hook that lets the modules of a project import this package by its name. Call it
 * before tsx is registered, because tsx must call this hook first. Otherwise a project without a
 * package.json would load its TypeScript as CommonJS, together with a second copy of this package.
 */
export function registerSelfImport(): void {
  if (mapped) return
  mapped = true
  const own = new Map(
    [...OWN_NAMES].map(([name, path]) => [name, pathToFileURL(entryPath(import.meta.url, path)).href]),
  )
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = own.get(specifier)
      if (url !== undefined) {
        const format = TYPESCRIPT.test(url) ? 'module-typescript' : 'module'
        return { url, format, shortCircuit: true }
      }
      const resolved = nextResolve(specifier, context)
      return isUntypedProjectFile(resolved.url, resolved.format)
        ? { ...resolved, format: 'module' }
        : resolved
    },
  })
}

/** True for a file of a project, unless Node knows for certain that the file is CommonJS. */
function isUntypedProjectFile(url: string, format: string | null | undefined): boolean {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return false
  const { pathname } = new URL(url)
  const isUnknown = format === null || format === undefined
  if (/\.tsx?$/.test(pathname)) return isUnknown || format === 'commonjs-typescript'
  return pathname.endsWith('.js') && isUnknown
}
