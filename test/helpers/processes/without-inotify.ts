import { spawnSync } from 'node:child_process'

/**
 * A command that runs the one after it in a user namespace of its own, whose limits nobody else
 * has.
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

/** Runs programs for which the system has nothing left to watch files with. */
export const withoutInotify = { command, missing: reasonToSkip() }
