import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { entryPath } from '../../core/process/entry-path.ts'

/** What a project's modules import. It always means this very package, whatever the project has installed, or has not. */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([
  ['automate-tui', '../../index'],
  ['automate-tui/testing', '../../testing/index'],
])
const TYPESCRIPT = /\.[cm]?tsx?$/

let mapped = false

/**
 * Lets modules of a project import this package by its name. Before tsx, so that tsx asks it: a project without a package.json would otherwise have its TypeScript loaded as CommonJS,
 * together with a second copy of this package.
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

/** A file of a project of which Node does not know for certain that it is CommonJS. */
function isUntypedProjectFile(url: string, format: string | null | undefined): boolean {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return false
  const { pathname } = new URL(url)
  const isUnknown = format === null || format === undefined
  if (/\.tsx?$/.test(pathname)) return isUnknown || format === 'commonjs-typescript'
  return pathname.endsWith('.js') && isUnknown
}
