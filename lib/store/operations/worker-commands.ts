import { z } from 'zod'
import { WorkerId } from '../../model/worker/documents.ts'
import { WorkerCommand } from '../../model/worker/worker-command.ts'
import { jsonText } from './jobs/job-row.ts'
import { defineOperation } from './define.ts'
import { parseRows } from './parse-rows.ts'

const Row = z.object({ id: z.int(), order: jsonText(WorkerCommand) })

/** Queues a command for a worker, which takes the command when it is notified of the change. */
const giveCommand = defineOperation({
  name: 'worker-commands.give',
  kind: 'write',
  input: z.object({ workerId: WorkerId, order: WorkerCommand }),
  output: z.object({}),
  run(db, { workerId, order }, { now }) {
    db.run('INSERT INTO worker_commands (worker_id, body, given_at) VALUES ($workerId, $body, $now)', {
      workerId,
      body: JSON.stringify(order),
      now,
    })
    return {}
  },
})

/** Removes the commands of a worker and returns them, oldest first. */
const takeCommands = defineOperation({
  name: 'worker-commands.take',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.array(WorkerCommand),
  run: (db, { workerId }) =>
    db
      .all('DELETE FROM worker_commands WHERE worker_id = $workerId RETURNING id, body AS "order"', {
        workerId,
      })
      .flatMap(parseRows(Row))
      .sort((a, b) => a.id - b.id)
      .map(({ order }) => order),
})

/** Removes the commands for a worker that has ended. */
const dropCommands = defineOperation({
  name: 'worker-commands.drop',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.object({ dropped: z.int() }),
  run: (db, { workerId }) => ({
    dropped: db.run('DELETE FROM worker_commands WHERE worker_id = $workerId', { workerId }),
  }),
})

export const workerCommandOperations = {
  [giveCommand.name]: giveCommand,
  [takeCommands.name]: takeCommands,
  [dropCommands.name]: dropCommands,
}
