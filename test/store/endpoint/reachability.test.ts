import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { newToken } from '../../../lib/core/ids.ts'
import { makeAddress, removeAddress } from '../../../lib/store/endpoint/address.ts'
import { connectEndpoint } from '../../../lib/store/endpoint/connect.ts'
import { Reachability } from '../../../lib/store/endpoint/reachability.ts'
import { EndpointServer } from '../../../lib/store/endpoint/server.ts'
import { readOwnerRecord, writeOwnerRecord } from '../../../lib/store/ownership/owner-record.ts'
import type { OwnerRecord } from '../../../lib/store/ownership/owner-record.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { PATIENT_MS, until } from '../../helpers/until.ts'

const CHECK_MS = 15_000
const WINDOWS = process.platform === 'win32' && 'a named pipe cannot be removed'

/** Opens an owner's endpoint under a clock that the test moves. */
async function reachableOwner(
  t: Test,
  makeEndpoint: () => string = makeAddress,
  lock: OwnerRecord['lock'] = 'kernel',
) {
  const path = join(t.testdir({}), 'owner.json')
  const announced: OwnerRecord = {
    version: 1,
    pid: process.pid,
    processStart: null,
    role: 'scheduler',
    since: 0,
    endpoint: makeEndpoint(),
    token: newToken(),
    lock,
  }
  writeOwnerRecord(path, announced)
  const server = new EndpointServer(announced.token, {
    request: () => undefined,
    connected: () => undefined,
    gone: () => undefined,
  })
  const clock = new FakeClock()
  const reports: (string | null)[] = []
  let checks = 0
  const report = (_endpoint: string, message: string | null) => void reports.push(message)
  const reachability = new Reachability({
    server,
    path,
    announced,
    clock,
    report,
    checked: () => void (checks += 1),
  })
  await reachability.start()
  t.teardown(async () => {
    reachability.stop()
    await server.close()
    removeAddress(readOwnerRecord(path)?.endpoint ?? announced.endpoint)
  })
  const connect = async () => {
    const { endpoint, token } = readOwnerRecord(path) ?? announced
    return connectEndpoint(endpoint, token, PATIENT_MS, systemClock)
  }
  return { path, announced, clock, reports, connect, checks: () => checks }
}

t.test('an owner listens at a new address after its socket was removed', { skip: WINDOWS }, async t => {
  const { path, announced, clock, reports, connect } = await reachableOwner(t)
  const early = await connect()
  rmSync(dirname(announced.endpoint), { recursive: true })
  t.equal(await connect(), undefined)
  clock.advance(CHECK_MS)
  await until('the new address', () => readOwnerRecord(path)?.endpoint !== announced.endpoint)
  const late = await connect()
  t.ok(late, 'a new client connects')
  t.equal(early?.socket.destroyed, false, 'the earlier connection stays open')
  t.match(reports, [/^The socket of the scheduler was removed/])
  early?.socket.destroy()
  late?.socket.destroy()
})

t.test('an owner announces itself again after its announcement was removed', async t => {
  const { path, announced, clock, reports } = await reachableOwner(t)
  rmSync(path)
  clock.advance(CHECK_MS)
  await until('the announcement', () => existsSync(path))
  t.same(readOwnerRecord(path), announced)
  t.match(reports, [/owner\.json was removed/])
})

t.test('a reachable owner keeps its address', async t => {
  const { path, announced, clock, reports, checks } = await reachableOwner(t)
  clock.advance(CHECK_MS)
  await until('the next check', () => clock.isDueIn(CHECK_MS))
  t.same(readOwnerRecord(path), announced)
  t.same(reports, [])
  t.equal(checks(), 1, 'the database was checked')
})

t.test('an owner listens elsewhere if its file system supports no sockets', { skip: WINDOWS }, async t => {
  const missing = join(t.testdir({}), 'automate-tui-missing', 's')
  const { path, reports, connect } = await reachableOwner(t, () => missing)
  t.not(readOwnerRecord(path)?.endpoint, missing)
  const client = await connect()
  t.ok(client)
  t.same(reports, [null])
  client?.socket.destroy()
})

t.test("an owner that lost its lock folder keeps its successor's announcement", async t => {
  const { path, announced, clock } = await reachableOwner(t, makeAddress, 'lockfile')
  const next = { ...announced, token: newToken(), endpoint: makeAddress() }
  removeAddress(announced.endpoint)
  writeOwnerRecord(path, next)
  clock.advance(CHECK_MS)
  await until('the next check', () => clock.waiting > 0)
  t.same(readOwnerRecord(path), next)
  removeAddress(next.endpoint)
})
