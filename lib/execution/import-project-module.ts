import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { entryPath } from '../core/entry.ts'

/** What a project's modules import. It always means this very package, whatever the project has installed, or has not. */
const OWN_NAME = 'automate-tui'
const TYPESCRIPT = /\.[cm]?tsx?$/

/**
 * Imports a module of a project and gives its default export. The author's code runs here: only ever in a worker or in a child that reads for the console.
 * Throws what the module throws.
 */
export async function importProjectModule(file: string): Promise<unknown> {
  await prepareImports(TYPESCRIPT.test(file))
  const module: unknown = await import(pathToFileURL(file).href)
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
}

let ownNameMapped = false
let typeScriptReady = false

async function prepareImports(typescript: boolean): Promise<void> {
  if (!ownNameMapped) {
    ownNameMapped = true
    mapOwnName()
  }
  if (!typescript || typeScriptReady) return
  const tsx = await import('tsx/esm/api')
  typeScriptReady = true
  // The working directory's tsconfig.json has nothing to say here: a module behaves the same from wherever it is started.
  tsx.register({ tsconfig: false })
}

/**
 * Registered before tsx, so that tsx asks it: a project without a package.json would otherwise have its TypeScript loaded as CommonJS,
 * together with a second copy of this package.
 */
function mapOwnName(): void {
  const own = pathToFileURL(entryPath(import.meta.url, '../index')).href
  const ownFormat = TYPESCRIPT.test(own) ? 'module-typescript' : 'module'
  registerHooks({
    resolve(specifier, context, nextResolve) {
      if (specifier === OWN_NAME) return { url: own, format: ownFormat, shortCircuit: true }
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
  const untold = format === null || format === undefined
  if (/\.tsx?$/.test(pathname)) return untold || format === 'commonjs-typescript'
  return pathname.endsWith('.js') && untold
}
