import { z } from 'zod'
import { WorkerId } from '../../model/worker/documents.ts'
import { WorkerCommand } from '../../model/worker/worker-command.ts'
import { jsonText } from './jobs/job-row.ts'
import { defineOperation } from './define.ts'
import { parseRows } from './parse-rows.ts'

const Row = z.object({ id: z.int(), order: jsonText(WorkerCommand) })

/** Asks something of a worker; it hears of the change and takes it. */
const giveOrder = defineOperation({
  name: 'orders.give',
  kind: 'write',
  input: z.object({ workerId: WorkerId, order: WorkerCommand }),
  output: z.object({}),
  run(db, { workerId, order }, { now }) {
    db.run('INSERT INTO worker_orders (worker_id, body, given_at) VALUES ($workerId, $body, $now)', {
      workerId,
      body: JSON.stringify(order),
      now,
    })
    return {}
  },
})

/** Gives a worker what was asked of it, oldest first, and takes it off the list. */
const takeOrders = defineOperation({
  name: 'orders.take',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.array(WorkerCommand),
  run: (db, { workerId }) =>
    db
      .all('DELETE FROM worker_orders WHERE worker_id = $workerId RETURNING id, body AS "order"', {
        workerId,
      })
      .flatMap(parseRows(Row))
      .sort((a, b) => a.id - b.id)
      .map(({ order }) => order),
})

/** Drops what is still asked of a worker that has ended. */
const dropOrders = defineOperation({
  name: 'orders.drop',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.object({ dropped: z.int() }),
  run: (db, { workerId }) => ({
    dropped: db.run('DELETE FROM worker_orders WHERE worker_id = $workerId', { workerId }),
  }),
})

export const orderOperations = {
  [giveOrder.name]: giveOrder,
  [takeOrders.name]: takeOrders,
  [dropOrders.name]: dropOrders,
}
