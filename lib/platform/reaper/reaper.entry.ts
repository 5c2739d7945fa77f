import { reap } from './reap.ts'

// Only the end of the pipe ends the reaper, because it must outlive signals to the console's
// terminal and to all processes of the user.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

await reap(process.stdin, process.argv[2])
