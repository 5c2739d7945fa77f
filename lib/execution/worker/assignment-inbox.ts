import { Assignment } from '../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import type { ReadText } from '../../files/documents/atomic-json.ts'

/** Where a worker's assignments arrive: in one file, each a member of a job that this worker has not run yet. */
export class AssignmentInbox {
  private readonly file: string
  private readonly readText: ReadText
  private last = ''
  private waiting: Assignment | undefined
  private unread = true
  private left = false
  private notify: () => void = () => undefined

  /** One that was written before the worker was there counts too. */
  constructor(file: string, readText: ReadText) {
    this.file = file
    this.readText = readText
  }

  get closed(): boolean {
    return this.left
  }

  /** Whether there is an assignment that has not been taken. Thrown with code `document-invalid` when it cannot be read. */
  get filled(): boolean {
    this.waiting ??= this.read()
    return this.waiting !== undefined
  }

  /** The next assignment, once there is one; undefined once the inbox was closed. Rejects with code `document-invalid` when it cannot be read. */
  async next(): Promise<Assignment | undefined> {
    while (!this.left) {
      if (this.filled) {
        const taken = this.waiting
        this.waiting = undefined
        return taken
      }
      await new Promise<void>(resolve => (this.notify = resolve))
    }
    return undefined
  }

  /** Looks again: the parent says that there is one. */
  wake(): void {
    this.unread = true
    this.notify()
  }

  close(): void {
    this.left = true
    this.notify()
  }

  private read(): Assignment | undefined {
    if (!this.unread) return undefined
    this.unread = false
    const found = readJsonIfExistsSync(this.file, Assignment, this.readText)
    if (found === undefined) return undefined
    const name = `${found.jobId}:${found.attempt}:${found.member}`
    if (name === this.last) return undefined
    this.last = name
    return found
  }
}
