import { lstatSync, readlinkSync } from 'node:fs'
import { dirname, join, parse, resolve, sep } from 'node:path'

export interface Link {
  readonly uid: number
  /** Absolute path of the link's target. */
  readonly target: string
}

/** Returns a symbolic link; undefined for everything else. */
export type LinkReader = (path: string) => Link | undefined

/** Most links that the system follows on the way to one file (path_resolution(7)). */
const MOST_LINKS = 40

/**
 * Returns every place that the system looks up on the way to a file: the folders from the root on,
 * and those of each link on the way.
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
 * Returns a reader that reads each place once, because all files of a folder share its path, and a
 * scheduler checks the path for each job that it starts.
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
