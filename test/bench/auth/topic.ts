import type { Competitor, Topic } from '../harness/competitor.ts'
import { requestPages } from './request-pages.ts'
import type { Asked } from './request-pages.ts'

const competitor = (name: string, asked: Asked): Competitor => ({
  name,
  run: options => requestPages(options, asked),
})

const NOBODY = { proxy: false, site: false }
const PROXY = { proxy: true, site: false }
const SITE = { proxy: false, site: true }

export const auth: Topic = {
  name: 'auth',
  title: 'requests of a page through a proxy, after the first challenge',
  figure: 'rate',
  unit: 'request',
  needsBrowser: true,
  opensPages: true,
  countsCpu: true,
  baseline: 'no authentication',
  competitors: [
    competitor('no authentication', { ...NOBODY, answers: 'automate-tui' }),
    competitor('automate-tui: proxy', { ...PROXY, answers: 'automate-tui' }),
    competitor('automate-tui: site', { ...SITE, answers: 'automate-tui' }),
    competitor('automate-tui: both', { proxy: true, site: true, answers: 'automate-tui' }),
    competitor('page.authenticate: proxy', { ...PROXY, answers: 'page.authenticate' }),
    competitor('page.authenticate: site', { ...SITE, answers: 'page.authenticate' }),
  ],
}
