/** A descriptor that the thread writes to. */
export type OutputDescriptor = 1 | 2

export interface WriteRequest {
  readonly descriptor: OutputDescriptor
  /** Data to write. A string is written as UTF-8. */
  readonly data: string | Uint8Array
}

/**
 * Reply to a request. Replies have the order of the requests. `error` is the system's code and
 * message if the write failed, and null otherwise.
 */
export interface WriteResult {
  readonly descriptor: OutputDescriptor
  readonly error: { readonly code: string; readonly message: string } | null
}

/** Indices of the shared state, an `Int32Array`. */
export const STATE = {
  /** Number of requests that have been written or have failed. */
  finished: 0,
  /** Counter that increases with each write that an output accepts. */
  progress: 1,
  /** 1 once the remaining data is abandoned and must not be written. */
  abandoned: 2,
  /** 1 while the thread is in a write that may block, so that it cannot be stopped. */
  inBlockingWrite: 3,
} as const

export const STATE_LENGTH = 4

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isDescriptor = (value: unknown): value is OutputDescriptor => value === 1 || value === 2

export function isWriteRequest(value: unknown): value is WriteRequest {
  return (
    isObject(value) &&
    'descriptor' in value &&
    isDescriptor(value.descriptor) &&
    'data' in value &&
    (typeof value.data === 'string' || value.data instanceof Uint8Array)
  )
}

export function isWriteResult(value: unknown): value is WriteResult {
  if (!isObject(value) || !('descriptor' in value) || !isDescriptor(value.descriptor)) return false
  if (!('error' in value)) return false
  const { error } = value
  return error === null || (isObject(error) && 'code' in error && 'message' in error)
}
