import { statSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { newToken } from '../../../lib/core/ids.ts'
import { makeAddress, removeAddress } from '../../../lib/store/endpoint/address.ts'
import { connectEndpoint } from '../../../lib/store/endpoint/connect.ts'
import { FrameReader } from '../../../lib/store/endpoint/frames.ts'
import { ChangeMessage, ReplyMessage } from '../../../lib/store/endpoint/messages.ts'
import { prove, sameProof } from '../../../lib/store/endpoint/proof.ts'
import { EndpointServer } from '../../../lib/store/endpoint/server.ts'
import { readOwnerRecord } from '../../../lib/store/ownership/owner-record.ts'
import { OWN_THREAD, newProject, openTestStore, PATIENT_MS } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const LONG_NAME = 'x'.repeat(100)

const closed = (socket: Socket) =>
  new Promise<string>(resolve => {
    let heard = ''
    socket.on('data', chunk => (heard += chunk.toString()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })

t.test('hostile input closes its own connection and no other', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  const announced = readOwnerRecord(paths.owner)
  if (announced === undefined) throw new Error('no announcement')
  const hostile: Record<string, string | Buffer> = {
    'no JSON': 'hello\n',
    'JSON of the wrong shape': '[1,2,3]\n',
    'request before the proof': '{"type":"request","seq":1,"id":null,"name":"store.info","input":{}}\n',
    'wrong proof': `${JSON.stringify({ type: 'proof', nonce: newToken(), mac: newToken(), pid: 1 })}\n`,
    'line without an end': Buffer.alloc(1_000_000, 'x'),
    'bytes that are not text': Buffer.from([0xff, 0xfe, 0, 10]),
  }
  for (const [what, bytes] of Object.entries(hostile)) {
    const socket = connect(announced.endpoint)
    const end = closed(socket)
    socket.write(bytes)
    const heard = await end
    t.notMatch(heard, /welcome|reply/, what)
    t.notMatch(heard, announced.token, 'the token is never sent')
  }
  const proven = await connectEndpoint(announced.endpoint, announced.token, PATIENT_MS, systemClock)
  if (proven === undefined) throw new Error('no connection')
  const end = closed(proven.socket)
  proven.socket.write('{"type":"request"}\n')
  await end
  t.pass('closes a proven peer that sends nonsense too')
  t.strictSame(await client.call('counters.increment', { name: 'n' }), { value: 1 })
  t.strictSame(await owner.call('counters.increment', { name: 'n' }), { value: 2 })
})

t.test('refuses an unknown operation, and keeps the connection open', async t => {
  const paths = newProject()
  await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const announced = readOwnerRecord(paths.owner)
  if (announced === undefined) throw new Error('no announcement')
  const peer = await connectEndpoint(announced.endpoint, announced.token, PATIENT_MS, systemClock)
  const reply = await new Promise(resolve => {
    peer?.onFrame(resolve)
    peer?.socket.write('{"type":"request","seq":7,"id":null,"name":"constructor","input":{}}\n')
  })
  t.match(reply, { type: 'reply', seq: 7, ok: false, error: { code: 'usage' } })
  peer?.socket.destroy()
})

t.test('a message that is too large rejects its own call, and keeps the connection open', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  const place = { map: 'm', key: 'k' }
  const json = JSON.stringify('è'.repeat(17 * 1024 * 1024))
  await t.rejects(client.call('shared.write', { ...place, json }), {
    code: 'input-invalid',
    message: /^The input of shared\.write is 34\.0 MB as JSON, but the store passes at most 32 MB at once\./,
  })
  await owner.call('shared.write', { ...place, json })
  await t.rejects(client.call('shared.read', place), {
    code: 'input-invalid',
    message: /^The answer to shared\.read is 34\.0 MB/,
  })
  t.strictSame(await client.call('counters.increment', { name: 'n' }), { value: 1 })
})

t.test('notifies a client of the changes that it follows, and of no others', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const announced = readOwnerRecord(paths.owner)
  if (announced === undefined) throw new Error('no announcement')
  const peer = await connectEndpoint(announced.endpoint, announced.token, PATIENT_MS, systemClock)
  if (peer === undefined) throw new Error('no connection')
  const told: unknown[] = []
  peer.onFrame(frame => told.push(frame))
  /**
   * Returns the notices of one commit, up to the reply to a request that is sent after the commit.
   */
  const toldOfACommit = async (follow: string) => {
    peer.socket.write(follow)
    peer.socket.write('{"type":"request","seq":1,"id":null,"name":"store.info","input":{}}\n')
    await until('the follow to be heard', () => told.length > 0)
    told.length = 0
    await owner.call('counters.increment', { name: 'n' })
    peer.socket.write('{"type":"request","seq":2,"id":null,"name":"store.info","input":{}}\n')
    await until('the answer', () => told.some(frame => ReplyMessage.safeParse(frame).data?.seq === 2))
    return told.splice(0).flatMap(frame => ChangeMessage.safeParse(frame).data?.tables ?? [])
  }
  t.strictSame(await toldOfACommit('{"type":"follow","tables":["jobs"]}\n'), [])
  t.strictSame(await toldOfACommit('{"type":"follow","tables":["jobs","counters"]}\n'), ['counters'])
  t.strictSame(await toldOfACommit('{"type":"follow","tables":[]}\n'), [])
  t.strictSame(await toldOfACommit('{"type":"follow","tables":null}\n'), ['counters'])
  peer.socket.destroy()
})

t.test('distrusts a server without the token', async t => {
  const token = newToken()
  const address = makeAddress()
  const server = new EndpointServer(newToken(), {
    request: () => t.fail('no request is sent to the server'),
    connected: () => t.fail('the server counts no client'),
    gone: () => undefined,
  })
  await server.listen(address)
  t.equal(await connectEndpoint(address, token, PATIENT_MS, systemClock), undefined)
  await server.close()
  removeAddress(address)
})

t.test('the address is private, and its folder is removed with its owner', async t => {
  const address = makeAddress()
  if (process.platform === 'win32') {
    t.match(address, /^\\\\\.\\pipe\\automate-tui-[0-9a-f]{32}$/)
    return
  }
  t.ok(Buffer.byteLength(address) <= 103)
  t.equal(statSync(dirname(address)).mode & 0o777, 0o700)
  removeAddress(address)
  t.equal(statSync(dirname(address), { throwIfNoEntry: false }), undefined)
  removeAddress(t.testdir())
  t.ok(statSync(t.testdirName), 'a folder that is no address stays')
})

t.test('ignores a folder for sockets with a name that is too long', async t => {
  const before = process.env['XDG_RUNTIME_DIR']
  process.env['XDG_RUNTIME_DIR'] = join(t.testdir({ [LONG_NAME]: {} }), LONG_NAME)
  const address = makeAddress()
  t.ok(Buffer.byteLength(address) <= 103)
  removeAddress(address)
  if (before === undefined) delete process.env['XDG_RUNTIME_DIR']
  else process.env['XDG_RUNTIME_DIR'] = before
})

t.test('splits frames at line ends, wherever the chunks end', async t => {
  const reader = new FrameReader()
  const bytes = Buffer.from('{"a":"è"}\n[1]\n{"b"')
  const frames: unknown[] = []
  for (const byte of bytes) frames.push(...reader.read(Buffer.from([byte])))
  frames.push(...reader.read(Buffer.from(':2}\n3\n')))
  t.strictSame(frames, [{ a: 'è' }, [1], { b: 2 }, 3])
})

t.test('a proof is valid only for its side and its nonces', async t => {
  const [token, one, two] = [newToken(), newToken(), newToken()]
  const proof = prove(token, 'client', one, two)
  t.ok(sameProof(proof, prove(token, 'client', one, two)))
  t.notOk(sameProof(proof, prove(token, 'owner', one, two)))
  t.notOk(sameProof(proof, prove(token, 'client', two, one)))
  t.notOk(sameProof(proof, prove(newToken(), 'client', one, two)))
  t.notOk(sameProof(proof, ''))
})
