import { isAutomateError } from '../core/errors.ts'
import { parseDemoSiteFlags } from './demo-site-flags.ts'
import { startDemoSite } from './demo-site.ts'

const WRONG_USAGE = 2
const UNFIT = 4

try {
  const site = await startDemoSite(parseDemoSiteFlags(process.argv.slice(2)))
  console.log(JSON.stringify({ url: site.url }))
  const close = () => void site.close()
  process.once('SIGINT', close)
  process.once('SIGTERM', close)
} catch (error) {
  if (!isAutomateError(error)) throw error
  console.error(error.message)
  process.exitCode = error.code === 'usage' ? WRONG_USAGE : UNFIT
}
