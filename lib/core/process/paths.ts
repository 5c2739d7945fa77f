import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { AutomateError } from '../errors/errors.ts'
import { PROJECT_MARKERS, ProjectPlace } from './project-place.ts'

/** What a project writes is the user's alone. */
const PRIVATE_FOLDER = 0o700

/** The project root: `from` or the nearest folder above it that holds a marker file. */
export function findProjectRoot(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (PROJECT_MARKERS.some(marker => existsSync(join(folder, marker)))) return folder
    if (dirname(folder) === folder) return undefined
  }
}

/** Thrown when no folder from `from` upwards holds a marker file. */
export function requireProjectRoot(from: string): string {
  const root = findProjectRoot(from)
  if (root !== undefined) return root
  throw new AutomateError(
    'no-project',
    `No ${PROJECT_MARKERS[0]} in ${resolve(from)} or above it. Make a project with "automate-tui init <folder>", name one with --root <folder>, or try "automate-tui demo".`,
    { facts: { from: resolve(from) } },
  )
}

/** Returns whether `path` is `folder` or below it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

export const ARTEFACT_KINDS = ['chrome', 'traces', 'screenshots', 'workers', 'console', 'crashdumps'] as const
export type ArtefactKind = (typeof ARTEFACT_KINDS)[number]

/** `23-03-2026`, in local time: the name of a day's log folder. */
export function dayName(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(at.getDate())}-${two(at.getMonth() + 1)}-${at.getFullYear()}`
}

/** Every path of a project, absolute; a folder is made (private to the user) when it is first asked for, unless `create` is false. The root itself is never made. */
export class ProjectPaths {
  readonly root: string
  readonly place: ProjectPlace
  private readonly made = new Set<string>()

  private readonly create: boolean

  constructor(root: string, { create = true }: { readonly create?: boolean } = {}) {
    this.root = resolve(root)
    this.place = new ProjectPlace(this.root)
    this.create = create
  }

  get workflows(): string {
    return join(this.root, 'workflows')
  }

  get data(): string {
    return this.folder('data')
  }

  get database(): string {
    return join(this.data, 'automate.db')
  }

  /** Choices of the operator in the console. Asking for it makes no folder: commands that only read may not write here. */
  get operatorSettings(): string {
    return join(this.root, 'data', 'operator.json')
  }

  /** What the processes of the project have used. */
  get metrics(): string {
    return join(this.data, 'metrics.json')
  }

  /** Retention settings of the last scheduler of the whole project. */
  get retention(): string {
    return join(this.data, 'retention.json')
  }

  /** Who owns the database now: see lib/store/ownership. */
  get owner(): string {
    return join(this.data, 'owner.json')
  }

  get state(): string {
    return this.folder('data', 'state')
  }

  get workerStates(): string {
    return this.folder('data', 'state', 'workers')
  }

  get serviceStates(): string {
    return this.folder('data', 'state', 'services')
  }

  /** Pictures of pages, for whoever looks at them now. */
  get pictures(): string {
    return this.folder('data', 'state', 'pictures')
  }

  get schedulerState(): string {
    return join(this.state, 'scheduler.json')
  }

  get assignments(): string {
    return this.folder('data', 'assignments')
  }

  get results(): string {
    return this.folder('data', 'results')
  }

  get profiles(): string {
    return this.folder('data', 'profiles')
  }

  /** Ports that are held until their Chrome has them. */
  get ports(): string {
    return this.folder('data', 'ports')
  }

  get crashes(): string {
    return this.folder('data', 'crashes')
  }

  get reports(): string {
    return this.folder('data', 'reports')
  }

  /** Recordings of workers that run, or whose trace is still to be packed. */
  get recordings(): string {
    return this.folder('data', 'recordings')
  }

  /** Returns `logs/<DD-MM-YYYY>/<kind>`, which may not exist. */
  logFolder(kind: ArtefactKind, at: Date): string {
    return join(this.root, 'logs', dayName(at), kind)
  }

  /** Returns `logs/<DD-MM-YYYY>/<kind>`, and makes the folder. */
  logs(kind: ArtefactKind, at: Date): string {
    const path = this.logFolder(kind, at)
    // The retention, or a person, may have removed it.
    this.ensureFolder(path)
    return path
  }

  /**
   * Makes a folder of the project, private to the user, if it is missing.
   * @throws `environment-unfit` if the project was moved away; otherwise as `makeFolder`.
   */
  ensureFolder(path: string): void {
    if (existsSync(path)) return
    if (this.place.isLeft) throw this.place.leftError()
    makeFolder(path, PRIVATE_FOLDER, this.root)
  }

  private folder(...parts: string[]): string {
    const path = join(this.root, ...parts)
    if (this.create && !this.made.has(path)) {
      this.ensureFolder(path)
      this.made.add(path)
    }
    return path
  }
}
