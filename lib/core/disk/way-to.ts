import { lstatSync, readlinkSync } from 'node:fs'
import { dirname, join, parse, resolve, sep } from 'node:path'

export interface Link {
  readonly uid: number
  /** Absolute path of the link's target. */
  readonly target: string
}

/** Returns the symbolic link at a path; undefined if the path is not a symbolic link. */
export type LinkReader = (path: string) => Link | undefined

/** Maximum number of links that the system follows when it resolves a path (path_resolution(7)). */
const MOST_LINKS = 40

/**
 * Returns every path that the system looks up when it resolves `path`: each folder from the root
 * on, and the same for the target of each link on the way.
 */
export function wayTo(path: string, linkAt: LinkReader): string[] {
  const places: string[] = []
  const { root } = parse(resolve(path))
  let at = root
  let rest = namesIn(resolve(path))
  for (let links = 0; rest.length > 0 && links <= MOST_LINKS;) {
    const [name = '', ...more] = rest
    const place = join(at, name)
    places.push(place)
    const target = linkAt(place)?.target
    if (target === undefined) {
      at = place
      rest = more
    } else {
      links += 1
      at = parse(target).root
      rest = [...namesIn(target), ...more]
    }
  }
  return places
}

/**
 * Returns a reader that caches the link at each path. All files of a folder share the path of the
 * folder, and a scheduler checks these paths for each job that it starts.
 */
export function linkReader(): LinkReader {
  const known = new Map<string, Link | undefined>()
  return path => {
    if (!known.has(path)) known.set(path, readLink(path))
    return known.get(path)
  }
}

function readLink(path: string): Link | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isSymbolicLink() !== true) return undefined
  return { uid: found.uid, target: resolve(dirname(path), readlinkSync(path)) }
}

const namesIn = (path: string): string[] =>
  path
    .slice(parse(path).root.length)
    .split(sep)
    .filter(name => name !== '')
