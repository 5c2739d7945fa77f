import { createServer } from 'node:http'
import t from 'tap'
import { AutomateError } from '../../../lib/core/errors.ts'
import { blameProxy } from '../../../lib/execution/proxy/blame-proxy.ts'
import { ForwardProxy } from '../../helpers/forward-proxy.ts'

t.test('a site that does not respond blames no proxy, and a proxy that does not is blamed', async t => {
  const site = createServer(() => undefined)
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    site.closeAllConnections()
    site.close()
  })
  const address = site.address()
  const asked = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
  const thrown = new AutomateError('phase-timeout', 'The phase took too long.')
  const blamed = async (proxy: ForwardProxy) =>
    blameProxy(thrown, { server: proxy.address, login: null }, asked)
  const [works, hangs] = [await ForwardProxy.start(t), await ForwardProxy.start(t, { hangs: true })]
  const [ofSite, ofProxy] = await Promise.all([blamed(works), blamed(hangs)])
  t.equal(ofSite, thrown)
  t.match(ofProxy, { code: 'proxy', cause: thrown, facts: { fault: { kind: 'silent' } } })
})
