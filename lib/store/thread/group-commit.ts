import { ZodError } from 'zod'
import type { z } from 'zod'
import {
  AutomateError,
  errorCode,
  errorToRecord,
  isAutomateError,
  messageOf,
} from '../../core/errors/errors.ts'
import { newId } from '../../core/ids.ts'
import { describeIssues } from '../../model/issues.ts'
import { TOO_DEEP, isDocumentTooDeep } from '../../model/json.ts'
import type { FileDatabase } from '../engine/database.ts'
import { operationsByName } from '../operations/index.ts'
import type { Operation, OperationContext, OwnerFacts } from '../operations/define.ts'
import { AppliedRequests } from './applied-requests.ts'

type AnyOperation = Operation<string, z.ZodType, z.ZodType>

/**
 * A call as it was received. `id` is null if the caller is in the owner's process, because that
 * caller ends with the owner and never repeats a call.
 */
export interface Request {
  readonly id: string | null
  readonly name: string
  readonly input: unknown
  /**
   * Time of the call in epoch ms if the caller is in the owner's process, otherwise null; the
   * current time is then used.
   */
  readonly at: number | null
  /**
   * Time of the call on the caller's steady clock, in ms; null if the caller is in another process.
   */
  readonly steadyAt: number | null
}

export type Answer =
  { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly error: Error }

interface Waiting {
  readonly request: Request
  readonly answer: (answer: Answer) => void
}

interface Resolved extends Waiting {
  readonly operation: AnyOperation
}

export interface GroupCommitHooks {
  /**
   * Throws if another process owns the file now. Called before a transaction, before its commit and
   * after it.
   */
  guard(): void
  committed(tables: readonly string[]): void
  /** Receives the error of a request that found damage in the file. */
  damaged(error: Error): void
  facts(): OwnerFacts
  steadyNow(): number
}

/**
 * Maximum number of requests in a batch. It limits how long the first request waits for the last
 * one.
 */
const LARGEST_BATCH = 512

/**
 * Commits waiting requests together: a batch is one transaction with one sync, and each request in
 * it is a savepoint.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = []
  private readonly applied = new AppliedRequests()
  private readonly db: FileDatabase
  private readonly hooks: GroupCommitHooks
  private scheduled = false
  private readonly ending = new AbortController()
  /** Resolves when all background work that has been requested is done. */
  private background = Promise.resolve()

  constructor(db: FileDatabase, hooks: GroupCommitHooks) {
    this.db = db
    this.hooks = hooks
  }

  /**
   * Calls `answer` exactly once, after the commit of the request was synced to the disk, or after
   * the request has failed.
   */
  submit(request: Request, answer: (answer: Answer) => void): void {
    this.waiting.push({ request, answer })
    if (this.scheduled) return
    this.scheduled = true
    // Waits for the end of this turn of the event loop, so that all requests of the turn are in one
    // batch.
    setImmediate(() => {
      this.scheduled = false
      this.flush()
    })
  }

  /**
   * Processes all waiting requests, and waits until the background work has ended. Never rejects.
   */
  async end(): Promise<void> {
    this.flush()
    this.ending.abort()
    await this.background
  }

  /** Processes all waiting requests. */
  flush(): void {
    while (this.waiting.length > 0) this.work(this.waiting.splice(0, LARGEST_BATCH))
  }

  private work(batch: readonly Waiting[]): void {
    let group: Resolved[] = []
    for (const waiting of batch) {
      const operation = operationsByName.get(waiting.request.name)
      if (operation === undefined) {
        const message = `This store has no operation "${waiting.request.name}". Check that all processes run the same version.`
        waiting.answer(failure(new AutomateError('usage', message)))
      } else if (operation.kind === 'maintenance' || operation.kind === 'background') {
        this.together(group)
        group = []
        if (operation.kind === 'background') this.afterOthers({ ...waiting, operation })
        else this.reply(waiting, this.alone({ ...waiting, operation }))
      } else {
        group.push({ ...waiting, operation })
      }
    }
    this.together(group)
  }

  /**
   * Runs one background operation at a time. A copy of the file is consistent only if no other
   * operation changes how the file is written.
   */
  private afterOthers({ request, operation, answer }: Resolved): void {
    const run = async (): Promise<Answer> => {
      try {
        this.hooks.guard()
        return { ok: true, output: await operation.execute(this.db, request.input, this.context(request)) }
      } catch (thrown) {
        return failure(thrown)
      }
    }
    this.background = this.background.then(run).then(result => this.reply({ answer }, result))
  }

  private alone({ request, operation }: Resolved): Answer {
    try {
      this.hooks.guard()
      return { ok: true, output: operation.execute(this.db, request.input, this.context(request)) }
    } catch (thrown) {
      return failure(thrown)
    }
  }

  private together(group: readonly Resolved[]): void {
    if (group.length === 0) return
    const writes = group.some(({ operation }) => operation.kind === 'write')
    let answers: Answer[]
    const tables = new Set<string>()
    try {
      answers = writes ? this.transaction(group, tables) : group.map(each => this.readOne(each))
    } catch (thrown) {
      this.db.takeWritten()
      tables.clear()
      answers = this.afterFailure(group, thrown)
    }
    if (tables.size > 0) this.hooks.committed([...tables].filter(table => table !== 'applied_requests'))
    group.forEach((waiting, index) => this.reply(waiting, answers[index] ?? failure(new Error('no answer'))))
  }

  /**
   * Returns the answers for a group whose transaction has failed. Runs the reads again, because a
   * disk that refuses writes can still be read.
   */
  private afterFailure(group: readonly Resolved[], thrown: unknown): Answer[] {
    try {
      this.hooks.guard()
    } catch {
      // Another process owns the file now. The callers repeat their calls there.
      return group.map(() => failure(thrown))
    }
    return group.map(each => (each.operation.kind === 'read' ? this.readOne(each) : failure(thrown)))
  }

  private reply(waiting: Pick<Waiting, 'answer'>, answer: Answer): void {
    waiting.answer(answer)
    if (!answer.ok && errorCode(answer.error) === 'store-damaged') this.hooks.damaged(answer.error)
  }

  /** Runs a group in one transaction. Adds the written tables to `tables`. */
  private transaction(group: readonly Resolved[], tables: Set<string>): Answer[] {
    this.hooks.guard()
    this.db.run('BEGIN IMMEDIATE')
    try {
      const answers = group.map(each =>
        each.operation.kind === 'write' ? this.writeOne(each, tables) : this.readOne(each),
      )
      this.hooks.guard()
      this.db.run('COMMIT')
      this.hooks.guard()
      return answers
    } catch (thrown) {
      this.rollBack()
      throw thrown
    }
  }

  private readOne({ request, operation }: Resolved): Answer {
    try {
      const output = this.db.reading(() => operation.execute(this.db, request.input, this.context(request)))
      return { ok: true, output }
    } catch (thrown) {
      return failure(thrown)
    }
  }

  private writeOne({ request, operation }: Resolved, tables: Set<string>): Answer {
    this.db.run('SAVEPOINT request')
    try {
      const output = this.applyOnce(request, operation)
      this.db.run('RELEASE request')
      for (const table of this.db.takeWritten()) tables.add(table)
      return { ok: true, output }
    } catch (thrown) {
      // If the disk is full, SQLite has already rolled back the whole transaction. This statement
      // then throws, and the batch fails as a whole.
      this.db.run('ROLLBACK TO request')
      this.db.run('RELEASE request')
      // The writes that failed are not reported as a change. Otherwise a listener that retries
      // would be called because of its own failure.
      this.db.takeWritten()
      return failure(thrown)
    }
  }

  private applyOnce(request: Request, operation: AnyOperation): unknown {
    const { id } = request
    if (id === null) return operation.execute(this.db, request.input, this.context(request))
    const earlier = this.applied.find(this.db, id, operation.name)
    if (earlier !== undefined) return earlier.output
    const context = this.context(request)
    const before = this.db.changes
    const output = operation.execute(this.db, request.input, context)
    // A request that changed nothing needs no record, because it may be repeated.
    if (this.db.changes > before) this.applied.record(this.db, id, operation.name, output, context.now)
    return output
  }

  private rollBack(): void {
    try {
      this.db.run('ROLLBACK')
    } catch {
      // It has been rolled back already, or the file was removed. The first error is the one to
      // report.
    }
  }

  private context(request: Request): OperationContext {
    const now = request.at ?? Date.now()
    return {
      now,
      steadyNow: Math.round(request.steadyAt ?? this.hooks.steadyNow()),
      newId: () => newId(now),
      owner: this.hooks.facts(),
      ending: this.ending.signal,
      guard: () => this.hooks.guard(),
    }
  }
}

function failure(thrown: unknown): Answer {
  if (isAutomateError(thrown)) return { ok: false, error: thrown }
  if (thrown instanceof ZodError) return { ok: false, error: unreadableRow(thrown) }
  const error = new AutomateError('bug', `The store failed: ${messageOf(thrown)}`, { cause: thrown })
  return { ok: false, error }
}

/**
 * Returns the error for a stored row that does not match its schema. It is not a `bug`, because
 * another program has damaged the row.
 */
function unreadableRow(cause: ZodError): AutomateError {
  return new AutomateError(
    'document-invalid',
    `The stored row is not valid: ${describeIssues(cause)}. "automate-tui db check" names the row and the remedy.`,
    { cause },
  )
}

/**
 * Returns the error for a value that an older version stored and that is nested too deep. The
 * owner's process could not read a structured clone of such a value.
 */
function tooDeepToReturn(): AutomateError {
  return new AutomateError('document-invalid', `The stored value ${TOO_DEEP}.`)
}

/** Converts an answer to a reply of the protocol. */
export function replyOf(seq: number, answer: Answer) {
  if (answer.ok && isDocumentTooDeep(answer.output)) return replyOf(seq, failure(tooDeepToReturn()))
  return answer.ok
    ? { type: 'reply' as const, seq, ok: true as const, output: answer.output }
    : { type: 'reply' as const, seq, ok: false as const, error: errorToRecord(answer.error) }
}
