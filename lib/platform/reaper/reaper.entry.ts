import { reap } from './reap.ts'

// Only the end of the pipe ends it: signals to the console's terminal, or to everything the user owns, are what it is there for.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)

await reap(process.stdin, process.argv[2])
