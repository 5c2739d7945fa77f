import t from 'tap'
import { joinKillOnCloseJob, killOnCloseLimits } from '../../lib/platform/job-object.ts'

t.test('the limits are 144 bytes that say kill on close and nothing else', async t => {
  const limits = killOnCloseLimits()
  t.equal(limits.length, 144)
  t.equal(limits.readUInt32LE(16), 0x2000)
  limits.writeUInt32LE(0, 16)
  t.ok(limits.every(byte => byte === 0))
})

t.test(
  'where there are no jobs, joining does nothing',
  { skip: process.platform === 'win32' && 'Windows has them' },
  async t => {
    t.equal(joinKillOnCloseJob(), 'unsupported')
  },
)
