import { detectLanguage } from '../lib/locales/language.ts'
import type { Language } from '../lib/locales/language.ts'
import { messageOf } from '../lib/core/errors/errors.ts'
import { translatorOf } from './binding.ts'
import { FrameThrottle } from './terminal/frame-throttle.ts'
import type { ConsolePort } from '../lib/app/port/snapshot.ts'
import { initialState } from './state.ts'
import type { QuitMode } from './overlays/overlay-state.ts'
import type { Effect, Message, State, Target } from './state.ts'
import { supportsClipboard, supportsProgress } from './terminal/capabilities.ts'
import { THEMES } from './theme.ts'
import type { Token } from './terminal/tokens.ts'
import { update } from './update.ts'
import type { Hit } from './view/drawing/row.ts'
import { view } from './view/view.ts'
import { openTerminal } from './terminal/terminal.ts'
import type { Terminal } from './terminal/terminal.ts'
import type { TerminalInput } from './terminal/keyboard.ts'
import type { TerminalOutput } from './terminal/frame-output.ts'
import { watchProcess } from './terminal/exit-hooks.ts'

export interface ConsoleOptions {
  readonly port: ConsolePort
  readonly input: TerminalInput
  readonly output: TerminalOutput
  /** Environment, read for the language and for NO_COLOR. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Language of the console. Default: the language of the environment. */
  readonly language?: Language
  /** Time zone of the console. Default: the time zone of the system. */
  readonly timeZone?: string
  readonly now?: () => number
  readonly ascii?: boolean
  readonly readOnly?: boolean
}

/**
 * Reason for the end of a console. If the reason is a signal, the console has sent no command to
 * the port, so the caller decides what happens to the jobs.
 */
export type ConsoleEnd =
  | { readonly reason: 'quit-drain' | 'quit-now' | 'quit-restart' }
  | { readonly reason: 'terminated'; readonly signal: NodeJS.Signals | null }

/** Interval of the clock in the header, which shows seconds. */
const TICK_MS = 1_000

/**
 * Time after which a command without a reply is reported. The scheduler may be stopped or may hang.
 */
const UNANSWERED_MS = 15_000

/**
 * Runs the console on a terminal until the operator quits or the process receives a signal. The
 * terminal is restored before the promise settles and before an error is printed.
 */
export function runConsole(options: ConsoleOptions): Promise<ConsoleEnd> {
  return new Promise((resolve, reject) => {
    new Console(options, resolve, reject).start()
  })
}

class Console {
  private readonly options: ConsoleOptions
  private readonly resolve: (end: ConsoleEnd) => void
  private readonly reject: (error: unknown) => void
  private readonly now: () => number
  private readonly terminal: Terminal
  private readonly frames: FrameThrottle
  private readonly closers: (() => void)[] = []
  private state: State
  private hits: readonly Hit[] = []
  private ended = false

  constructor(options: ConsoleOptions, resolve: (end: ConsoleEnd) => void, reject: (error: unknown) => void) {
    this.options = options
    this.resolve = resolve
    this.reject = reject
    this.now = options.now ?? Date.now
    this.terminal = openTerminal(options.input, options.output, {
      onToken: token => this.guarded(() => this.take(token)),
      onResize: size => this.dispatch({ type: 'resize', size }),
      onGone: () => this.end({ reason: 'terminated', signal: null }),
      onReady: () => this.frames.ask(),
    })
    this.frames = new FrameThrottle(() => this.guarded(() => this.draw()))
    this.state = initialState({
      at: this.now(),
      size: this.terminal.size,
      language: options.language ?? detectLanguage(options.env),
      colours: (options.env['NO_COLOR'] ?? '') === '',
      ascii: options.ascii ?? false,
      readOnly: options.readOnly ?? false,
      clipboard: supportsClipboard(options.env),
      taskbar: supportsProgress(options.env),
      timeZone: options.timeZone ?? null,
    })
  }

  start(): void {
    this.guarded(() => {
      this.closers.push(
        watchProcess({
          onSignal: signal => this.end({ reason: 'terminated', signal }),
          onContinue: () => {
            this.terminal.resume()
            this.frames.ask()
          },
          restore: () => this.close(),
        }),
      )
      this.closers.push(
        this.options.port.subscribe(snapshot => this.dispatch({ type: 'snapshot', snapshot })),
      )
      const ticking = setInterval(() => this.dispatch({ type: 'tick' }), TICK_MS)
      this.closers.push(() => clearInterval(ticking))
      this.frames.ask()
    })
  }

  private dispatch(body: MessageBody): void {
    if (this.ended) return
    this.guarded(() => {
      const [state, effects] = update(this.state, { ...body, at: this.now() })
      this.state = state
      effects.forEach(effect => this.perform(effect))
      this.frames.ask()
    })
  }

  private perform(effect: Effect): void {
    switch (effect.type) {
      case 'mouse':
        this.terminal.mouse(effect.on)
        break
      case 'repaint':
        this.terminal.repaint()
        break
      case 'quit':
        this.quit(effect.mode)
        break
      case 'copy':
        this.terminal.copy(effect.text)
        break
      case 'bell':
        this.terminal.bell()
        break
      case 'notify':
        this.terminal.notify(effect.text)
        break
      case 'look-up': {
        const { id, lookup } = effect
        const told = this.options.port.lookUp(lookup).then(answer => ({ ok: true as const, answer }), refused)
        void told.then(result => this.dispatch({ type: 'looked-up', id, lookup, result }))
        break
      }
      case 'perform': {
        const { activityId } = effect
        const unanswered = setTimeout(() => {
          if (activityId !== null) this.dispatch({ type: 'unanswered', activityId })
        }, UNANSWERED_MS)
        // The timer must not keep the process alive after the console has ended.
        unanswered.unref()
        const told = this.options.port.perform(effect.command).catch(refused)
        void told.then(result => {
          clearTimeout(unanswered)
          if (activityId !== null || !result.ok) this.dispatch({ type: 'performed', activityId, result })
        })
        break
      }
    }
  }

  private quit(mode: QuitMode): void {
    const told = this.options.port.perform({ type: 'quit', mode }).catch(refused)
    void told.then(result => {
      if (!result.ok) this.dispatch({ type: 'quit-refused', mode, message: result.message })
      else this.end({ reason: `quit-${this.state.quitting ?? mode}` })
    })
  }

  private take(token: Token): void {
    switch (token.type) {
      case 'key':
        this.dispatch({ type: 'key', key: token.key })
        break
      case 'paste':
        this.dispatch({ type: 'paste', text: token.text })
        break
      case 'press': {
        const target = this.targetAt(token.column, token.row)
        if (target !== null) this.dispatch({ type: 'press', target })
        break
      }
      case 'wheel':
        this.dispatch({ type: 'wheel', target: this.targetAt(token.column, token.row), lines: token.lines })
    }
  }

  private targetAt(column: number, row: number): Target | null {
    const hit = this.hits.findLast(
      ({ left, top, width, height }) =>
        column >= left && column < left + width && row >= top && row < top + height,
    )
    if (hit?.target.type === 'picture') {
      return { type: 'picture', column: column - hit.left, row: row - hit.top }
    }
    return hit?.target ?? null
  }

  private draw(): boolean {
    if (this.ended || this.terminal.busy) return false
    const { state } = this
    const model = view(state, state.size, THEMES[state.theme], translatorOf(state))
    this.hits = model.hits
    return this.terminal.paint(model)
  }

  /**
   * Calls `work`. If it throws because of a bug, restores the terminal and rejects the promise of
   * the console, because a terminal that stays in raw mode is unusable.
   */
  private guarded<T>(work: () => T): T | undefined {
    try {
      return work()
    } catch (error) {
      this.close()
      this.reject(error)
      return undefined
    }
  }

  private end(how: ConsoleEnd): void {
    if (this.ended) return
    this.close()
    this.resolve(how)
  }

  private close(): void {
    if (this.ended) return
    this.ended = true
    this.frames.stop()
    this.closers.forEach(close => close())
    this.terminal.close()
  }
}

type MessageBody = Message extends infer Each ? (Each extends Message ? Omit<Each, 'at'> : never) : never

const refused = (error: unknown) => ({ ok: false as const, message: messageOf(error) })
