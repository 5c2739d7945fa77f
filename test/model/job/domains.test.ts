import t from 'tap'
import { domainInInput, domainOf } from '../../../lib/model/job/domains.ts'

t.test('the domain of an address is its host, whatever a browser loads', async t => {
  for (const [address, domain] of [
    ['https://www.Shop.example:8443/a?b#c', 'www.shop.example'],
    ['http://my_shop.example/', 'my_shop.example'],
    ['http://shop.example./429', 'shop.example'],
    ['http://127.0.0.1:4400/', '127.0.0.1'],
    ['http://[::1]/', '[::1]'],
    ['about:blank', undefined],
    ['no address', undefined],
  ] as const)
    t.equal(domainOf(address), domain, address)
})

t.test('a missing field counts with the domain of its default', async t => {
  const properties = { url: { type: 'string', default: 'http://shop.example/x' } }
  const workflow = { domains: { names: [], from: 'url' }, inputSchema: { type: 'object', properties } }
  const other = 'https://other.example/'
  for (const [input, domains] of [
    [{}, ['shop.example']],
    [{ url: other }, ['other.example']],
    [{ url: null }, []],
    [null, []],
  ] as const)
    t.strictSame(domainInInput(workflow, input), domains, JSON.stringify(input))
  t.strictSame(domainInInput({ ...workflow, inputSchema: {} }, { url: other }), ['other.example'])
  t.strictSame(domainInInput({ inputSchema: workflow.inputSchema }, {}), [])
})
