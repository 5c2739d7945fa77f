import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { entryPath } from '../../core/process/entry-path.ts'

/**
 * Imports of this package in a project's modules, with their files. They always resolve to this
 * very package, whether the project has installed another copy or none.
 */
const OWN_NAMES: ReadonlyMap<string, string> = new Map([
  ['automate-tui', '../../index'],
  ['automate-tui/testing', '../../testing/index'],
])
const TYPESCRIPT = /\.[cm]?tsx?$/

let mapped = false

/**
 * Lets modules of a project import this package by its name. Registers before tsx, so that tsx
 * calls this hook first. Otherwise a project without a package.json would load its TypeScript as
 * CommonJS, together with a second copy of this package.
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

/** True for a file of a project unless Node knows for certain that it is CommonJS. */
function isUntypedProjectFile(url: string, format: string | null | undefined): boolean {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return false
  const { pathname } = new URL(url)
  const isUnknown = format === null || format === undefined
  if (/\.tsx?$/.test(pathname)) return isUnknown || format === 'commonjs-typescript'
  return pathname.endsWith('.js') && isUnknown
}
