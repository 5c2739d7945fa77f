import t from 'tap'
import { newId, newToken, newUuid } from '../../lib/core/ids.ts'
import { WorkerId } from '../../lib/model/worker/documents.ts'

t.test('ids sort by time, are unique within a millisecond, and are valid in file names', async t => {
  const at = 1_800_000_000_000
  t.ok(newId(at) < newId(at + 1))
  t.ok(newId(0) < newId(at))
  const many = new Set(Array.from({ length: 10_000 }, () => newId(at)))
  t.equal(many.size, 10_000)
  for (const id of [...many].slice(0, 100)) t.ok(WorkerId.safeParse(`w${id}`).success && id.length === 19, id)
  t.match(newToken(), /^[0-9a-f]{64}$/)
  t.not(newUuid(), newUuid())
})
