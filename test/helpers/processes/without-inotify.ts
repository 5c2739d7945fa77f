import { spawnSync } from 'node:child_process'

/**
 * Returns the beginning of a command line that runs the rest in its own user namespace, with a
 * separate inotify limit.
 */
function command(limit: 'instances' | 'watches', count: number): readonly [string, ...string[]] {
  const setLimit = `echo ${count} > /proc/sys/user/max_inotify_${limit} && exec "$0" "$@"`
  return ['unshare', '--user', '--map-root-user', 'sh', '-c', setLimit]
}

function reasonToSkip(): string | false {
  if (process.platform !== 'linux') return 'only Linux has inotify'
  const [program, ...args] = command('instances', 0)
  return spawnSync(program, [...args, 'true']).status === 0 ? false : 'no user namespace can be made here'
}

/** Runs programs as on a system without free inotify instances or watches. */
export const withoutInotify = { command, missing: reasonToSkip() }
