import { enableCompileCache } from 'node:module'

enableCompileCache()

const { runWorker } = await import('./run-worker.ts')

try {
  const code = await runWorker(process.argv.slice(2), code => process.exit(code))
  process.exit(code)
} catch (error) {
  console.error(error)
  process.exit(70)
}
