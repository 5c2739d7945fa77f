import { beginWorker } from './begin-worker.ts'

/**
 * Maximum number of frames in an error's stack. Between a mistake in a page and the author's call
 * there are a dozen frames of puppeteer's.
 */
const STACK_FRAMES = 50

Error.stackTraceLimit = STACK_FRAMES
try {
  const code = await beginWorker(process.argv.slice(2), code => process.exit(code))
  process.exit(code)
} catch (error) {
  console.error(error)
  process.exit(70)
}
