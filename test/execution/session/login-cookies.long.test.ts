import { runInNewContext } from 'node:vm'
import t from 'tap'
import type { OpenBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import { accountLogin, newBrowser } from '../../helpers/sites/account-login.ts'
import { cookieSite } from '../../helpers/sites/cookie-site.ts'
import { until } from '../../helpers/until.ts'

async function cookiesOf({ context }: OpenBrowser, host: RegExp) {
  return (await context.cookies()).filter(({ domain }) => host.test(domain))
}

t.test('cookies of advertisements in pop-ups do not affect a login', async t => {
  const site = await cookieSite(t)
  const { newAccount, phase, said } = await accountLogin(t)
  const first = await newBrowser(t)
  const advertised = (one: OpenBrowser) => async () =>
    (await cookiesOf(one, /^ad\d+\.localhost$/)).length === site.advertised
  const plan = (one: OpenBrowser) => ({
    ...{ site: 'mail', account: 'anna', check: () => Promise.resolve(true) },
    login: async () => {
      await one.page.goto(site.at('sso.localhost', '/sign-on'))
      await until('all cookies', advertised(one))
    },
  })
  const left =
    /^the login is saved without the cookies of ad\d+\.localhost \(\d+.*KB\), .* more, because it would be larger than 5\.7MB/
  const account = newAccount()
  await account.open(plan(first), first, phase)
  t.equal(said.filter(text => left.test(text)).length, 1)
  await account.release()

  t.comment('a later job that skips the sign-on site keeps its cookies too')
  const second = await newBrowser(t)
  const later = newAccount()
  await later.open(plan(second), second, phase)
  t.match(said.at(-1), 'the saved login of mail/anna is used')
  t.match(await cookiesOf(second, /^127\.0\.0\.1$/), [{ name: 'session', value: 'own' }])
  t.equal((await cookiesOf(second, /^sso\.localhost$/)).length, 60)
  await second.page.goto(site.at('127.0.0.1', '/'))
  await until('all cookies', advertised(second))
  await later.keep(second, new AbortController().signal)
  t.match(said.at(-1), left)
  await later.release()

  const third = await newBrowser(t)
  await newAccount().open(plan(third), third, phase)
  t.equal((await cookiesOf(third, /^sso\.localhost$/)).length, 60)
  t.equal((await cookiesOf(third, /^127\.0\.0\.1$/)).length, 1)
})

t.test('names own cookies that are too large, and the remedy deletes them', async t => {
  const site = await cookieSite(t)
  const { account, phase, said } = await accountLogin(t)
  const one = await newBrowser(t)
  const login = async () => {
    for (let host = 0; host < 10; host += 1) {
      for (const number of [0, 55, 110]) {
        const path = `/fill?number=${number}&bytes=${host === 3 ? 4_050 : 3_950}`
        await one.page.goto(site.at(`own${host}.localhost`, path))
      }
    }
  }
  const plan = { site: 'mail', account: 'anna', login, check: () => Promise.resolve(true) }
  const refusal = await account.open(plan, one, phase).then(
    () => '',
    (error: unknown) => String(error),
  )
  t.match(
    refusal,
    /its sites store 6\.\dMB .* The largest part of it is the cookies of own3\.localhost \(\d+.*KB\), the largest of them "c\d+", "c\d+", "c\d+"\. Make "login" delete /,
  )
  t.notMatch(said.join(), 'saved without')
  const [, remedy = ''] = /the user: (const .*)\.$/.exec(refusal) ?? []
  await runInNewContext(`(async () => { ${remedy} })()`, { page: one.page })
  t.equal((await cookiesOf(one, /^own3\.localhost$/)).length, 162)
  t.equal((await cookiesOf(one, /^own4\.localhost$/)).length, 165)
})
