import { z } from 'zod'
import { ServiceDocument } from '../../model/worker/documents.ts'
import { defineOperation } from './define.ts'
import { parseRows } from './parse-rows.ts'

const ServiceName = ServiceDocument.shape.name

/** What the operator wants of a service. */
export const ServiceWish = z.object({
  name: ServiceName,
  desired: z.enum(['running', 'stopped']),
  /** A restart raises it: whoever runs the service with a lower one starts it anew. */
  generation: z.int().nonnegative(),
  /** A start raises it: a service that failed is started again, one that runs is left alone. */
  starts: z.int().nonnegative(),
})
export type ServiceWish = z.infer<typeof ServiceWish>

export const SERVICE_COLUMNS = 'name, desired, generation, starts'

const listServices = defineOperation({
  name: 'services.list',
  kind: 'read',
  input: z.object({}),
  output: z.array(ServiceWish),
  run: db => db.all(`SELECT ${SERVICE_COLUMNS} FROM services ORDER BY name`).flatMap(parseRows(ServiceWish)),
})

/** Makes a service known with what the configuration wants of it; what an operator has said stands. */
const declareService = defineOperation({
  name: 'services.declare',
  kind: 'write',
  input: z.object({ name: ServiceName, desired: ServiceWish.shape.desired }),
  output: z.object({}),
  run(db, { name, desired }) {
    db.run(
      `INSERT INTO services (name, desired) VALUES ($name, $desired)
       ON CONFLICT (name) DO UPDATE SET desired = excluded.desired WHERE said = 0`,
      { name, desired },
    )
    return {}
  },
})

/** Start, stop or restart, as desired state; `known` is false when there is no such service. */
const wishService = defineOperation({
  name: 'services.wish',
  kind: 'write',
  input: z.object({ name: ServiceName, wish: z.enum(['start', 'stop', 'restart']) }),
  output: z.object({ known: z.boolean() }),
  run(db, { name, wish }) {
    const row = db.one(
      `UPDATE services SET desired = $desired, said = 1, generation = generation + $restart, starts = starts + $start
       WHERE name = $name RETURNING name`,
      {
        name,
        desired: wish === 'stop' ? 'stopped' : 'running',
        restart: wish === 'restart' ? 1 : 0,
        start: wish === 'start' ? 1 : 0,
      },
    )
    return { known: row !== undefined }
  },
})

export const serviceOperations = {
  [listServices.name]: listServices,
  [declareService.name]: declareService,
  [wishService.name]: wishService,
}
