import { reap } from './reap.ts'

// Only the end of the pipe may end the reaper. It must survive signals that are sent to the
// console's terminal or to all processes of the user.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

await reap(process.stdin, process.argv[2])
