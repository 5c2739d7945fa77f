import { beginWorker } from './begin-worker.ts'

try {
  const code = await beginWorker(process.argv.slice(2), code => process.exit(code))
  process.exit(code)
} catch (error) {
  console.error(error)
  process.exit(70)
}
