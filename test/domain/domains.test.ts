import t from 'tap'
import { domainOf } from '../../lib/domain/domains.ts'

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
