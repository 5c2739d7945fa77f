import { Assignment } from '../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import type { ReadText } from '../../files/documents/atomic-json.ts'

/** Inbox of a worker's assignments. It is one file, with the worker's next part of a job. */
export class AssignmentInbox {
  private readonly file: string
  private readonly readText: ReadText
  private last = ''
  private waiting: Assignment | undefined
  private unread = true
  private left = false
  private notify: () => void = () => undefined

  /** Opens the inbox. An assignment from before the worker's start counts, too. */
  constructor(file: string, readText: ReadText) {
    this.file = file
    this.readText = readText
  }

  get closed(): boolean {
    return this.left
  }

  /**
   * True if there is an unread assignment.
   * @throws `document-invalid` if the assignment cannot be read.
   */
  get filled(): boolean {
    this.waiting ??= this.read()
    return this.waiting !== undefined
  }

  /**
   * Resolves with the next assignment; undefined once the inbox is closed. Rejects with code
   * `document-invalid` if the assignment cannot be read.
   */
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

  /** Reads the file again, because the parent announced an assignment. */
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
