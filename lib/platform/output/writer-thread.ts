import type { MessagePort } from 'node:worker_threads'
import { openDescriptor } from './descriptor.ts'
import { STATE, isWriteRequest } from './writer-protocol.ts'
import type { OutputDescriptor, WriteRequest, WriteResult } from './writer-protocol.ts'

/**
 * Handles write requests one at a time. Once the shared state says that the rest is abandoned,
 * requests end without being written.
 */
export function serveWrites(port: MessagePort, shared: SharedArrayBuffer): void {
  const state = new Int32Array(shared)
  const outputs = new Map<OutputDescriptor, ReturnType<typeof openDescriptor>>()
  const serve = async ({ descriptor, data }: WriteRequest) => {
    const output = outputs.get(descriptor) ?? openDescriptor(descriptor, state)
    outputs.set(descriptor, output)
    const error = await output(data)
    Atomics.add(state, STATE.finished, 1)
    Atomics.notify(state, STATE.finished)
    port.postMessage({ descriptor, error } satisfies WriteResult)
  }
  let last = Promise.resolve()
  port.on('message', (request: unknown) => {
    if (isWriteRequest(request)) last = last.then(() => serve(request))
  })
}
