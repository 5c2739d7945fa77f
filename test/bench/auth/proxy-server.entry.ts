import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { LOGIN } from '../harness/page-server.ts'

const asking = process.argv.includes('--asking')
const proxy = await ForwardProxy.start(
  { teardown: end => process.on('disconnect', () => void end()) },
  asking ? { credentials: LOGIN } : {},
)
process.send?.({ kind: 'listening', port: proxy.port })
