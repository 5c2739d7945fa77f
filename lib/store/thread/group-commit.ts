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
 * One call, as it arrived. `id` is null for a caller that lives and dies with the owner and so
 * never asks again.
 */
export interface Request {
  readonly id: string | null
  readonly name: string
  readonly input: unknown
  /** The caller's time, where it is the owner's; null for the system's. */
  readonly at: number | null
  /** The same by the steady clock. */
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
   * Throws when the file is another owner's now. Called before a transaction, before its commit and
   * after it.
   */
  guard(): void
  committed(tables: readonly string[]): void
  /** Receives the error of a request that met damage in the file. */
  damaged(error: Error): void
  facts(): OwnerFacts
  steadyNow(): number
}

/** Bounds how long the first of a batch waits for the last. */
const LARGEST_BATCH = 512

/**
 * Waiting requests are committed together: one transaction and one sync a batch, a savepoint a
 * request.
 */
export class GroupCommit {
  private readonly waiting: Waiting[] = []
  private readonly applied = new AppliedRequests()
  private readonly db: FileDatabase
  private readonly hooks: GroupCommitHooks
  private scheduled = false
  private readonly ending = new AbortController()
  /** Resolves when what was asked for in the background so far is done. */
  private background = Promise.resolve()

  constructor(db: FileDatabase, hooks: GroupCommitHooks) {
    this.db = db
    this.hooks = hooks
  }

  /** Calls `answer` once, after the commit that holds the request was synced, or when it failed. */
  submit(request: Request, answer: (answer: Answer) => void): void {
    this.waiting.push({ request, answer })
    if (this.scheduled) return
    this.scheduled = true
    // After this turn of the loop everything that has arrived meanwhile is here too.
    setImmediate(() => {
      this.scheduled = false
      this.flush()
    })
  }

  /** Works off everything that waits, and ends what runs in the background. Rejects never. */
  async end(): Promise<void> {
    this.flush()
    this.ending.abort()
    await this.background
  }

  /** Works off everything that waits. */
  flush(): void {
    while (this.waiting.length > 0) this.work(this.waiting.splice(0, LARGEST_BATCH))
  }

  private work(batch: readonly Waiting[]): void {
    let group: Resolved[] = []
    for (const waiting of batch) {
      const operation = operationsByName.get(waiting.request.name)
      if (operation === undefined) {
        const message = `This store knows no "${waiting.request.name}". Do all parts run the same version?`
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
   * One at a time: a copy of the file is consistent only as long as no other one changes how the
   * file is written.
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
   * Returns the answers of a group whose transaction failed. A disk that takes no write refuses no
   * read, not even one beside a write.
   */
  private afterFailure(group: readonly Resolved[], thrown: unknown): Answer[] {
    try {
      this.hooks.guard()
    } catch {
      // The file is another owner's now: the callers ask that one.
      return group.map(() => failure(thrown))
    }
    return group.map(each => (each.operation.kind === 'read' ? this.readOne(each) : failure(thrown)))
  }

  private reply(waiting: Pick<Waiting, 'answer'>, answer: Answer): void {
    waiting.answer(answer)
    if (!answer.ok && errorCode(answer.error) === 'store-damaged') this.hooks.damaged(answer.error)
  }

  /** Adds the tables that were written to `tables`. */
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
      // Where SQLite has rolled the whole transaction back by itself (a full disk), this throws,
      // and the batch fails as one.
      this.db.run('ROLLBACK TO request')
      this.db.run('RELEASE request')
      // A listener that tries again whatever has failed would be called by its own failure.
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
    // What changed nothing may be done again.
    if (this.db.changes > before) this.applied.record(this.db, id, operation.name, output, context.now)
    return output
  }

  private rollBack(): void {
    try {
      this.db.run('ROLLBACK')
    } catch {
      // Rolled back already, or the file is gone: the first error is the one to tell.
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

/** Rows are parsed as they are read: one that another program has damaged is no mistake of ours. */
function unreadableRow(cause: ZodError): AutomateError {
  return new AutomateError(
    'document-invalid',
    `What the database holds of it cannot be used: ${describeIssues(cause)}. "automate-tui db check" names the row and says what to do.`,
    { cause },
  )
}

/** An older version put it there: the owner's process could not read a structured clone of it. */
function tooDeepToReturn(): AutomateError {
  return new AutomateError('document-invalid', `What the database holds of it ${TOO_DEEP}.`)
}

/** An answer in the form of the wire. */
export function replyOf(seq: number, answer: Answer) {
  if (answer.ok && isDocumentTooDeep(answer.output)) return replyOf(seq, failure(tooDeepToReturn()))
  return answer.ok
    ? { type: 'reply' as const, seq, ok: true as const, output: answer.output }
    : { type: 'reply' as const, seq, ok: false as const, error: errorToRecord(answer.error) }
}
