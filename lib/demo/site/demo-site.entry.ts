import { isAutomateError } from '../../core/errors/errors.ts'
import { parseDemoSiteFlags } from './demo-site-flags.ts'
import { startDemoSite } from './demo-site.ts'

const WRONG_USAGE = 2
const UNFIT = 4

try {
  const site = await startDemoSite(parseDemoSiteFlags(process.argv.slice(2)))
  const ready = { url: site.url }
  console.log(JSON.stringify(ready))
  process.send?.(ready)
  const close = () => void site.close()
  // A site forked by the demo ends with the demo, even if the demo is killed.
  process.once('disconnect', close)
  process.once('SIGINT', close)
  process.once('SIGTERM', close)
} catch (error) {
  if (!isAutomateError(error)) throw error
  const { code, message } = error
  // If the demo has forked this process, the demo itself reports the error.
  if (process.send === undefined) console.error(message)
  else process.send({ refused: code, message })
  process.exitCode = code === 'usage' ? WRONG_USAGE : UNFIT
}
