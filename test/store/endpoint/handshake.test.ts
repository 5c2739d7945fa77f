import { createServer, connect } from 'node:net'
import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { newToken } from '../../../lib/core/ids.ts'
import { PROGRAM } from '../../../lib/core/process/program.ts'
import { makeAddress, removeAddress } from '../../../lib/store/endpoint/address.ts'
import { connectEndpoint } from '../../../lib/store/endpoint/connect.ts'
import { FrameReader, writeFrame } from '../../../lib/store/endpoint/frames.ts'
import { Challenge } from '../../../lib/store/endpoint/messages.ts'
import { prove } from '../../../lib/store/endpoint/proof.ts'
import { EndpointServer } from '../../../lib/store/endpoint/server.ts'
import { readOwnerRecord, writeOwnerRecord } from '../../../lib/store/ownership/owner-record.ts'
import { OWN_THREAD, PATIENT_MS, newProject, openTestStore } from '../../helpers/store/project.ts'

const OTHER = { version: '9.8.7', build: 'b', protocol: PROGRAM.protocol + 1 }

t.test('a client names the scheduler that it is incompatible with', async t => {
  for (const [program, message] of [
    [OTHER, /runs automate-tui 9\.8\.7, but this command is/],
    [undefined, /runs an older automate-tui/],
  ] as const) {
    const address = makeAddress()
    const server = createServer(socket => {
      writeFrame(socket, { type: 'challenge', nonce: newToken(), program })
      socket.on('data', () => t.fail('the client sends nothing')).on('error', () => undefined)
    })
    await new Promise<void>(resolve => server.listen(address, resolve))
    await t.rejects(connectEndpoint(address, newToken(), PATIENT_MS, systemClock), {
      code: 'environment-unfit',
      message,
    })
    await new Promise(resolve => server.close(resolve))
    removeAddress(address)
  }
})

t.test('an owner refuses a client of another protocol despite a valid proof', async t => {
  for (const program of [OTHER, undefined]) {
    const [address, token] = [makeAddress(), newToken()]
    const server = new EndpointServer(token, {
      request: () => t.fail('the client may send no request'),
      connected: () => t.fail('the client is not connected'),
      gone: () => undefined,
    })
    await server.listen(address)
    const reader = new FrameReader()
    const replies: unknown[] = []
    await new Promise(resolve => {
      const socket = connect(address)
      socket.on('close', resolve).on('data', chunk => {
        for (const frame of reader.read(chunk)) {
          const challenge = Challenge.safeParse(frame)
          if (!challenge.success) replies.push(frame)
          else {
            const nonce = newToken()
            const mac = prove(token, 'client', challenge.data.nonce, nonce)
            writeFrame(socket, { type: 'proof', nonce, mac, pid: process.pid, program })
          }
        }
      })
    })
    t.strictSame(replies, [{ type: 'refused', program: PROGRAM }])
    await server.close()
    removeAddress(address)
  }
})

t.test('accepts a client of another build with the same protocol', async t => {
  const paths = newProject()
  await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const announced = readOwnerRecord(paths.owner)
  if (announced === undefined) throw new Error('no announcement')
  t.strictSame(announced.program, PROGRAM)
  const later = { ...announced, program: { ...PROGRAM, build: 'another' }, more: true }
  writeOwnerRecord(paths.owner, later)
  const client = await openTestStore(t, paths, 'client')
  t.strictSame(await client.call('counters.increment', { name: 'n' }), { value: 1 })
})
