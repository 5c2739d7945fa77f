import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseLines } from '../../helpers/program/automate.ts'
import { startDemo } from '../../helpers/program/demo.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { newFolder } from '../../helpers/store/project.ts'

const skip = process.platform === 'win32' && 'Windows has no signals to ask politely with'
const LINES = ['--no-tui', '--json']

async function workingDemo(t: Parameters<typeof startDemo>[0]) {
  const started = startDemo(t, LINES)
  await started.demo.event('job 2 in a phase', line => line.event === 'phase.started' && line['job'] === 2)
  return { ...started, family: processTreeOf(started.demo.pid) }
}

t.test('Ctrl+C lets running jobs end, starts no other, and cleans up', { skip }, async t => {
  const { demo, temporary, family, leftovers } = await workingDemo(t)
  demo.signal('SIGINT')
  const { code, stdout, stderr } = await demo.ended
  t.equal(code, 0)
  t.match(stderr, /Stopping/)
  const lines = parseLines(stdout)
  const jobs = (of: (line: (typeof lines)[number]) => boolean) =>
    lines
      .filter(of)
      .map(line => line['job'])
      .sort()
  const begun = jobs(({ event, state }) => event === 'job' && state === 'running')
  t.same(
    jobs(({ event }) => event === 'result'),
    begun,
  )
  t.ok(begun.includes(2) && begun.length < 3, 'two jobs begin, in the order in which their workflows load')
  t.same(leftovers(), [])
  await untilNothingIsLeft(family, temporary)
})

t.test('a second signal stops running jobs, and cleans up', { skip }, async t => {
  const { demo, temporary, family, leftovers } = await workingDemo(t)
  demo.signal('SIGTERM')
  await demo.says('Stopping')
  demo.signal('SIGTERM')
  const { code, stdout } = await demo.ended
  t.equal(code, 0)
  t.same(
    parseLines(stdout).filter(({ event }) => event === 'result'),
    [],
  )
  t.same(leftovers(), [])
  await untilNothingIsLeft(family, temporary)
})

t.test('no process of a killed demo outlives it', async t => {
  const { demo, temporary, family } = await workingDemo(t)
  await demo.kill()
  t.comment(`all gone after ${await untilNothingIsLeft(family, temporary)} ms`)
  t.ok(process.platform === 'win32' || family.length > 10, 'workers, Chromes and the site were running')
})

t.test('a signal during the start of the demo leaves nothing behind', { skip }, async t => {
  const { demo, temporary, leftovers } = startDemo(t, LINES)
  await demo.says("The demo's site: ")
  const family = processTreeOf(demo.pid)
  demo.signal('SIGINT')
  await demo.ended
  t.same(leftovers(), [])
  await untilNothingIsLeft(family, temporary)
})

t.test('a package.json in the temporary folder does not affect the demo', async t => {
  const { demo, temporary, leftovers } = startDemo(t, LINES, {}, { 'package.json': '{"type":"commonjs"}' })
  await demo.event('job 2 in a phase', line => line.event === 'phase.started' && line['job'] === 2)
  const family = processTreeOf(demo.pid)
  await demo.kill()
  t.match(leftovers().join(), 'automate-tui-demo-')
  await untilNothingIsLeft(family, temporary)
})

t.test("the demo does not touch a user's own project", async t => {
  const root = join(newFolder(), 'mine')
  mkdirSync(root)
  writeFileSync(join(root, 'automate.config.js'), 'export default { workers: 1 }\n')
  const { demo } = startDemo(t, ['--no-tui', '--until-idle', '--root', root])
  const { code, stderr } = await demo.ended
  t.equal(code, 2)
  t.match(stderr, /already contains a project/)
  t.equal(readFileSync(join(root, 'automate.config.js'), 'utf8'), 'export default { workers: 1 }\n')
})
