import { dirname } from 'node:path'
import type { MessagePort } from 'node:worker_threads'
import { systemClock } from '../../core/time/clock.ts'
import { AutomateError, errorToRecord } from '../../core/errors/errors.ts'
import { Reachability } from '../endpoint/reachability.ts'
import { EndpointServer } from '../endpoint/server.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { ProjectPlace } from '../../core/process/project-place.ts'
import type { FileDatabase } from '../engine/database.ts'
import { migrationsFolder, readMigrations } from '../migrations/migrations-folder.ts'
import { foundDamaged, openDatabase } from '../open-database.ts'
import { readOwnerRecord } from '../ownership/owner-record.ts'
import { rescueRemoved } from '../removed-database.ts'
import { GroupCommit, replyOf } from './group-commit.ts'
import { ToThread } from './thread-messages.ts'
import type { FromThread, ThreadData, ThreadSays } from './thread-messages.ts'

/**
 * Runs the store's thread, which opens the database, serves the endpoint, and replies to its owner
 * over `port`. The thread ends on the message 'close' or 'lost', or when the announcement turns out
 * to belong to another owner. The last message that it sends is `closed`, `lost` or `failed`.
 */
export async function runStoreThread(port: MessagePort, data: ThreadData): Promise<void> {
  let outgoing: ThreadSays[] = []
  const flushOutgoing = () => {
    const messages: FromThread = outgoing
    outgoing = []
    if (messages.length > 0) port.postMessage(messages)
  }
  const post = (message: ThreadSays) => {
    outgoing.push(message)
    // Runs after a batch of requests, so that the replies to the batch are sent together.
    if (outgoing.length === 1) queueMicrotask(flushOutgoing)
  }
  const hangUp = () => {
    flushOutgoing()
    port.close()
  }
  let database: FileDatabase
  const place = new ProjectPlace(dirname(dirname(data.database)))
  const migrations = readMigrations(data.migrations ?? migrationsFolder())
  try {
    if (data.build !== PROGRAM.build) throw replacedProgram()
    database = await openDatabase(data.database, migrations, data.now)
  } catch (thrown) {
    post({ type: 'failed', error: errorToRecord(thrown) })
    hangUp()
    return
  }
  const startedAt = performance.now()
  let commits = 0
  // A later owner begins above the last revision of this one, because an owner commits less than
  // once per millisecond.
  let revision = data.now
  let ended = false
  let closing = false
  const isOver = () => ended

  const lose = () => {
    if (ended) return
    ended = true
    // Closing the database would make a checkpoint, which writes to a file that another process
    // owns now.
    database.abandon()
    post({ type: 'lost' })
    hangUp()
    void group.end()
    reachability.stop()
    void server.close()
  }
  const guard = () => {
    if (ended) throw lostError()
    endUnlessInPlace()
    if (isOver()) throw lostError()
    if (
      data.announced.lock === 'kernel' ||
      readOwnerRecord(data.announcement)?.token === data.announced.token
    )
      return
    lose()
    throw lostError()
  }
  const endWith = (error: AutomateError) => {
    ended = true
    database.abandon()
    post({ type: 'failed', error: errorToRecord(error) })
    hangUp()
    void group.end()
    reachability.stop()
    void server.close()
  }
  /**
   * Ends the store because its file is damaged. Nothing more is written to the file, and no request
   * is answered from it.
   */
  const giveUp = (error: Error) => {
    if (!ended) endWith(foundDamaged(data.database, error))
  }
  /**
   * Ends the store if its file was removed, because commits would be lost and another process may
   * own a new file of the same name.
   */
  const endUnlessInPlace = () => {
    if (!ended && !database.isInPlace) endWith(rescueRemoved(database, place, systemClock.now()))
  }
  const group = new GroupCommit(database, {
    guard,
    damaged: giveUp,
    committed: tables => {
      commits += 1
      revision += 1
      const change = { type: 'change' as const, tables: [...tables], revision }
      if (tables.length === 0) return
      post(change)
      server.broadcast(change)
    },
    facts: () => ({
      path: data.database,
      role: data.announced.role,
      commits,
      revision,
      migration: migrations.length,
    }),
    steadyNow: () => data.now + performance.now() - startedAt,
  })
  const server = new EndpointServer(data.announced.token, {
    request: ({ seq, id, name, input }, respond) =>
      group.submit({ id, name, input, at: null, steadyAt: null }, answer => respond(replyOf(seq, answer))),
    connected: (client, pid) => post({ type: 'client', client, pid, connected: true }),
    gone: client => post({ type: 'client', client, pid: null, connected: false }),
  })

  const reachability = new Reachability({
    server,
    path: data.announcement,
    announced: data.announced,
    clock: systemClock,
    checked: endUnlessInPlace,
    report: (endpoint, message) => post({ type: 'endpoint', endpoint, message }),
  })

  const close = async () => {
    if (ended || closing) return
    closing = true
    await group.end()
    if (isOver()) return
    ended = true
    reachability.stop()
    const stopped = server.close()
    try {
      database.close()
      await stopped
      post({ type: 'closed' })
    } catch (thrown) {
      post({ type: 'failed', error: errorToRecord(thrown) })
    }
    hangUp()
  }
  port.on('message', raw => {
    const message = ToThread.parse(raw)
    if (message.type === 'close') void close()
    else if (message.type === 'lost') lose()
    else
      for (const { seq, ...request } of message.requests)
        group.submit(request, answer => post(replyOf(seq, answer)))
  })
  // The owner would wait for a reply forever. An error ends the thread, which also ends the owner's
  // calls.
  port.on('messageerror', thrown => {
    throw thrown
  })
  await reachability.start()
  post({ type: 'ready' })
}

function replacedProgram(): AutomateError {
  return new AutomateError(
    'environment-unfit',
    'Another version of automate-tui was installed after this program was started. Start the program again.',
  )
}

function lostError(): AutomateError {
  return new AutomateError(
    'store-closed',
    'Another process owns the database now, so this request was not acknowledged. Open the store again and repeat the request with the same id.',
  )
}
