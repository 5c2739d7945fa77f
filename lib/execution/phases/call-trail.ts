import type { Called } from '../browser/wrap-method.ts'

/** Where the author's code is, as far as its calls tell. */
export interface Place {
  /** `waiting for page.waitForSelector("#cart")`; `after …` when nothing that is known of is waited for. */
  readonly text: string
  /** The lines of the stack from the author's own on, `    at …`. */
  readonly frames: readonly string[]
}

interface Call {
  readonly text: string
  /** Its stack is put into words only when it is asked for. */
  readonly at: { readonly stack?: string }
}

/** Follows what a workflow calls, so that a limit that passes can name the line and what was waited for: its own timer knows neither. */
export class CallTrail {
  private readonly open = new Set<Call>()
  private last: Call | undefined

  /** Forgets what was before: another try of a phase begins. */
  begin(): void {
    this.open.clear()
    this.last = undefined
  }

  /** Notes a call of the page as it is made, until the returned function is called; `called` is the function that the author called. */
  call(text: string, called: Called): () => void {
    const call = callOf(text, called)
    this.last = call
    this.open.add(call)
    return () => this.open.delete(call)
  }

  /** Notes a step; `called` is the function that the author called for it. */
  step(path: string, called: Called): void {
    this.last = callOf(`step "${path}"`, called)
  }

  /** The newest call that has not ended, else the last one; undefined where none was seen. */
  place(): Place | undefined {
    const waited = [...this.open].at(-1)
    const call = waited ?? this.last
    if (call === undefined) return undefined
    const frames = (call.at.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
    return { text: `${waited === undefined ? 'after' : 'waiting for'} ${call.text}`, frames }
  }
}

function callOf(text: string, called: Called): Call {
  const at: { stack?: string } = {}
  Error.captureStackTrace(at, called)
  return { text, at }
}
