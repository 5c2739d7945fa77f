import type { ErrorRecord, Json } from '../../../lib/core/errors/errors.ts'
import type {
  BestOffer,
  CoordinationCall,
  StorePort,
} from '../../../lib/execution/coordination/store-port.ts'
import type { InputOf, OutputOf } from '../../../lib/store/operations/index.ts'

type Calls = {
  [N in CoordinationCall]: (input: InputOf<N>) => OutputOf<N>
}
type Discovery = {
  fence: number
  value?: Json
  error?: ErrorRecord
  holder: string | undefined
  stands?: boolean
}

/**
 * Implementation in memory of the store's coordination operations, for one job in its attempt 1.
 */
export class CoordinationStore {
  private best: BestOffer | null = null
  private readonly discoveries = new Map<string, Discovery>()
  private readonly listeners = new Set<() => void>()
  /** Called before each operation with its name. A test simulates the other workers in it. */
  before: (name: CoordinationCall) => void = () => undefined
  /** True if the store notifies about changes. */
  tells = true

  get listening(): number {
    return this.listeners.size
  }

  /** Takes the turn from its holder, as the store does when a lease expires. */
  expire(key: string): void {
    const discovery = this.discoveries.get(key)
    if (discovery !== undefined) discovery.holder = undefined
    this.changed()
  }

  port(): StorePort {
    return {
      call: async (name, input) => {
        this.before(name)
        return this.calls[name](input)
      },
      onWritten: (_, listener) => {
        this.listeners.add(listener)
        return () => this.listeners.delete(listener)
      },
      onLost: () => () => undefined,
      close: () => Promise.resolve(),
    }
  }

  readonly calls: Calls = {
    'offers.best': () => this.best,
    'offers.submit': ({ attempt, seenVersion, result, targetMet, member }) => {
      if (attempt !== 1) return { status: 'fenced' }
      if (this.best !== null && this.best.version !== seenVersion) return { status: 'stale', best: this.best }
      this.best = { version: seenVersion + 1, result, targetMet, member }
      this.changed()
      return { status: 'accepted', version: this.best.version }
    },
    'discoveries.look': ({ key }) => {
      const { value, error, holder, stands = false } = this.discoveries.get(key) ?? {}
      if (value !== undefined) return { status: 'done', value, ageMs: 0, validForMs: null }
      if (error !== undefined) return { status: 'failed', error }
      return holder === undefined ? { status: 'unsettled' } : { status: 'waiting', forMs: 5_000, stands }
    },
    'discoveries.acquire': ({ key, workerId }) => {
      const discovery = this.discoveries.get(key) ?? { fence: 0, holder: undefined }
      this.discoveries.set(key, discovery)
      if (discovery.value !== undefined)
        return { status: 'done', value: discovery.value, ageMs: 0, validForMs: null }
      if (discovery.error !== undefined) return { status: 'failed', error: discovery.error }
      const { stands = false } = discovery
      if (discovery.holder !== undefined) return { status: 'waiting', forMs: 5_000, stands }
      discovery.holder = workerId
      discovery.fence += 1
      return { status: 'held', fence: discovery.fence }
    },
    'discoveries.renew': ({ key, fence, stands }) => {
      const discovery = this.discoveries.get(key)
      if (discovery?.fence !== fence || discovery.holder === undefined) return { applied: false }
      discovery.stands = stands
      this.changed()
      return { applied: true }
    },
    'discoveries.complete': ({ key, fence, value }) => this.settle(key, fence, { value }),
    'discoveries.yield': ({ key, fence }) => {
      const discovery = this.discoveries.get(key)
      if (discovery?.fence !== fence || discovery.holder === undefined) return { applied: false }
      discovery.holder = undefined
      this.changed()
      return { applied: true }
    },
    'discoveries.fail': ({ key, fence, error }) => ({ ...this.settle(key, fence, { error }), again: false }),
  }

  private settle(key: string, fence: number, end: Pick<Discovery, 'value' | 'error'>): { applied: boolean } {
    const discovery = this.discoveries.get(key)
    if (discovery?.fence !== fence) return { applied: false }
    Object.assign(discovery, end)
    this.changed()
    return { applied: true }
  }

  private changed(): void {
    if (this.tells) for (const listener of [...this.listeners]) listener()
  }
}
