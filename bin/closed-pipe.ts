import { systemCode } from '../lib/core/errors.ts'

/** What a write to a pipe says whose reader has gone: EPIPE, and EOF on Windows. */
const READER_GONE = new Set(['EPIPE', 'EOF'])

/**
 * Goes on when whoever read our output has gone (`automate-tui demo --no-tui | head -1`): the work and its tidying up count more than the lines, which are
 * in the logs too. A terminal that has gone is the screens' own business.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      if (!stream.isTTY && !READER_GONE.has(systemCode(error) ?? '')) throw error
    })
  }
}
