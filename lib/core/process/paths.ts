import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { makeFolder } from '../disk/make-folder.ts'
import { AutomateError } from '../errors/errors.ts'
import { PROJECT_MARKERS, ProjectPlace } from './project-place.ts'

/** Mode of a project's folders: only the user may read them. */
const PRIVATE_FOLDER = 0o700

/**
 * Returns the project root, which is `from` or the nearest folder above it with a marker file;
 * undefined if there is none.
 */
export function findProjectRoot(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (PROJECT_MARKERS.some(marker => existsSync(join(folder, marker)))) return folder
    if (dirname(folder) === folder) return undefined
  }
}

/**
 * Returns the project root, as `findProjectRoot` does.
 * @throws `no-project` if neither `from` nor a folder above it has a marker file.
 */
export function requireProjectRoot(from: string): string {
  const root = findProjectRoot(from)
  if (root !== undefined) return root
  throw new AutomateError(
    'no-project',
    `There is no ${PROJECT_MARKERS[0]} in ${resolve(from)} or any folder above it. Create a project with "automate-tui init <folder>", name one with --root <folder>, or try "automate-tui demo".`,
    { facts: { from: resolve(from) } },
  )
}

/** True if `path` is `folder` or below it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

export const ARTEFACT_KINDS = ['chrome', 'traces', 'screenshots', 'workers', 'console', 'crashdumps'] as const
export type ArtefactKind = (typeof ARTEFACT_KINDS)[number]

/** Returns the name of a day's log folder in local time, such as `23-03-2026`. */
export function dayName(at: Date): string {
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(at.getDate())}-${two(at.getMonth() + 1)}-${at.getFullYear()}`
}

/**
 * All paths of a project, as absolute paths. A folder is created, with access for the user only,
 * when its path is first used, unless `create` is false. The project root itself is never created.
 */
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

  /**
   * Settings that the operator chose in the console. The folder is not created for this path,
   * because commands that only read must not write here.
   */
  get operatorSettings(): string {
    return join(this.root, 'data', 'operator.json')
  }

  /** Resource usage of the project's processes. */
  get metrics(): string {
    return join(this.data, 'metrics.json')
  }

  /** Retention settings of the last scheduler that ran the whole project. */
  get retention(): string {
    return join(this.data, 'retention.json')
  }

  /** Owner of the database: see lib/store/ownership. */
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

  /** Screenshots of pages that people are viewing now. */
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

  /** Locks of ports, each held until its Chrome listens on the port. */
  get ports(): string {
    return this.folder('data', 'ports')
  }

  get crashes(): string {
    return this.folder('data', 'crashes')
  }

  get reports(): string {
    return this.folder('data', 'reports')
  }

  /** Recordings of running workers, and of workers whose trace is not packed yet. */
  get recordings(): string {
    return this.folder('data', 'recordings')
  }

  /** Returns the path of `logs/<DD-MM-YYYY>/<kind>`, which may not exist. */
  logFolder(kind: ArtefactKind, at: Date): string {
    return join(this.root, 'logs', dayName(at), kind)
  }

  /** Returns the path of `logs/<DD-MM-YYYY>/<kind>`, and creates the folder if it is missing. */
  logs(kind: ArtefactKind, at: Date): string {
    const path = this.logFolder(kind, at)
    // The retention or a person may have removed the folder since the last call.
    this.ensureFolder(path)
    return path
  }

  /**
   * Creates a folder of the project, with access for the user only, if the folder is missing.
   * @throws `environment-unfit` if the project was moved away; otherwise the errors of
   * `makeFolder`.
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
