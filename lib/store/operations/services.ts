import { z } from 'zod'
import { ServiceDocument } from '../../model/worker/documents.ts'
import { defineOperation } from './define.ts'
import { parseRows } from './parse-rows.ts'

const ServiceName = ServiceDocument.shape.name

/** Desired state of a service. */
export const ServiceWish = z.object({
  name: ServiceName,
  desired: z.enum(['running', 'stopped']),
  /** Increased by a restart. A process that runs the service with a lower number restarts it. */
  generation: z.int().nonnegative(),
  /**
   * Increased by a start. A failed service is then started again; a running service is not
   * affected.
   */
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

/**
 * Adds a service with its configured state. If an operator has set a state, that one takes
 * precedence.
 */
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

/**
 * Stores an operator's wish to start, stop or restart a service as its desired state. `known` is
 * false if the service does not exist.
 */
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
