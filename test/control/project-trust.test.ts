import t from 'tap'
import { ProjectTrust } from '../../lib/control/project-trust.ts'
import { parseProxy } from '../../lib/model/proxy/proxy-address.ts'
import type { SingleNotification } from '../../lib/model/notify/notification.ts'
import { translatorFor } from '../../lib/locales/translator.ts'
import { noticeText } from '../../lib/notify/notice-text.ts'
import { enqueue } from '../helpers/store/job-store.ts'
import { RecordingLog } from '../helpers/recording-log.ts'
import { WORDING } from '../helpers/builders/notices.ts'
import { testScheduler } from '../helpers/store/test-scheduler.ts'
import { until } from '../helpers/until.ts'

/** Makes a project with code that other users can write once the test sets `refusal`. */
function sharedProject() {
  const project = { refusal: '' }
  const [notices, changes, log] = [new Array<SingleNotification>(), new Array<boolean>(), new RecordingLog()]
  const trust = new ProjectTrust({
    requireTrust: () => {
      if (project.refusal !== '') throw new Error(project.refusal)
    },
    ...{ log, notify: notice => notices.push(notice), onChange: isTrusted => changes.push(isTrusted) },
  })
  return { project, notices, changes, log, trust }
}

t.test('logs and notifies the refusal of a project once, and its end once', t => {
  const { project, notices, changes, log, trust } = sharedProject()
  t.equal(trust.check(), true)
  t.strictSame([log.lines, notices, changes], [[], [], []])
  project.refusal = 'Other users can write a.ts.'
  for (let again = 0; again < 3; again++) t.equal(trust.check(), false)
  t.match(
    trust.trouble,
    /^No job starts, because another user can change the project\. Running jobs continue\. .*Other users can write a\.ts\. Jobs start/,
  )
  project.refusal = 'Other users can write a.ts, b.ts.'
  t.equal(trust.check(), false)
  t.strictSame(changes, [false])
  project.refusal = ''
  for (let again = 0; again < 3; again++) t.equal(trust.check(), true)
  t.equal(trust.trouble, undefined)
  t.strictSame(changes, [false, true])
  t.strictSame(notices, [
    { kind: 'project-untrusted', reason: 'Other users can write a.ts.' },
    { kind: 'project-trusted' },
  ])
  t.match(log.lines, [/^error: .*a\.ts\. /, /^error: .*a\.ts, b\.ts\. /, /^warn: .*so jobs start again\.$/])
  t.equal(log.lines.length, 3)
  t.end()
})

t.test('the notices name the remedy in both languages', t => {
  const notice = { kind: 'project-untrusted', reason: 'Run "chmod go-w a.ts"' } as const
  const text = (language: 'en' | 'it', one: SingleNotification) =>
    noticeText(one, { uncertain: false }, { ...WORDING, t: translatorFor(language, 'UTC') })
      .map(span => span.text)
      .join('')
  t.match(text('en', notice), /^shop: Another user can change the project: no job starts\nRun "chmod/)
  t.match(text('it', notice), /^shop: Un altro utente può modificare il progetto.*\nRun "chmod/)
  t.match(text('en', { kind: 'project-trusted' }), /jobs start as before/)
  t.match(text('it', { kind: 'project-trusted' }), /ripartono/)
  t.end()
})

t.test('in an untrusted project no job starts or loses an attempt, and running jobs end', async t => {
  const { project, trust } = sharedProject()
  const { store, workers, scheduler, job, untilState } = await testScheduler(t, { trust })
  const running = await enqueue(store)
  const worker = await workers.forked(1)
  project.refusal = 'Other users can write a.ts.'
  const waiting = await enqueue(store)
  await until('the refusal', () => !trust.isTrusted)
  worker.end({ status: 'succeeded', result: 1 })
  await untilState(running, 'succeeded')
  await until('a scheduler at rest', () => scheduler.running === 0)
  t.match(await job(waiting), { state: 'queued', attempt: 0 })
  t.notOk(workers.all.some(({ given }) => given?.jobId === waiting))
  t.equal(scheduler.idle, false, 'the job is not forgotten')
  project.refusal = ''
  trust.check()
  scheduler.wake()
  const second = await until('its worker', () => workers.all.find(({ given }) => given?.jobId === waiting))
  second.end({ status: 'succeeded', result: 2 })
  t.match(await untilState(waiting, 'succeeded'), { attempt: 1, failures: 0 })
})

t.test('does not check a project without waiting jobs', async t => {
  let checks = 0
  const trust = {
    isTrusted: true,
    check: () => {
      checks += 1
      return true
    },
  }
  const { store, workers, scheduler, untilState, untilIdle } = await testScheduler(t, { trust })
  await untilIdle()
  scheduler.wake()
  await untilIdle()
  t.equal(checks, 0)
  const id = await enqueue(store)
  const worker = await workers.forked(1)
  t.equal(checks, 2, 'before the claim, and before its worker gets it')
  worker.end({ status: 'succeeded', result: 1 })
  await untilState(id, 'succeeded')
  await untilIdle()
  t.equal(checks, 2)
})

t.test('trust lost between the claim of a job and its start costs no attempt', async t => {
  const { project, trust } = sharedProject()
  const proxy = parseProxy('http://127.0.0.1:9')
  if ('problem' in proxy) throw new Error(proxy.problem)
  let isLost = true
  const { store, workers, scheduler, untilState } = await testScheduler(t, {
    trust,
    proxies: {
      configured: true,
      list: () => {
        // Simulates a change of the project while the list of proxies is read.
        if (isLost) project.refusal = 'Other users can write a.ts.'
        return Promise.resolve([proxy])
      },
    },
  })
  const id = await enqueue(store)
  t.match(await untilState(id, 'interrupted'), { failures: 0 })
  t.strictSame(workers.all, [])
  isLost = false
  project.refusal = ''
  trust.check()
  scheduler.wake()
  const worker = await workers.forked(1)
  worker.end({ status: 'succeeded', result: 1 })
  t.match(await untilState(id, 'succeeded'), { failures: 0 })
})

t.test('a job whose worker ended before it began goes to no other worker', async t => {
  const { project, trust } = sharedProject()
  const { store, workers, untilState } = await testScheduler(t, { trust, warm: 1 })
  const warm = await until('a warm worker', () => workers.all[0])
  warm.ready()
  const id = await enqueue(store)
  await until('its assignment', () => warm.given)
  project.refusal = 'Other users can write a.ts.'
  warm.exit(1)
  t.match(await untilState(id, 'interrupted'), { failures: 0, attempt: 1 })
  t.notOk(workers.all.some(worker => worker !== warm && worker.given !== undefined))
})
