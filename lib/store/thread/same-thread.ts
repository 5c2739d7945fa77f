import { EventEmitter } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { runStoreThread } from './store-thread.ts'
import { ThreadData } from './thread-messages.ts'
import type { StoreThread } from './thread-messages.ts'

/**
 * Does the work of the store's thread in the thread of its owner. A second thread would load the
 * same modules again, which takes a third of a command's CPU time. A command only waits for its
 * requests and has nothing else to do.
 */
export class SameThread
  extends EventEmitter<{ message: [unknown]; messageerror: [unknown]; error: [unknown]; exit: [] }>
  implements StoreThread
{
  private readonly port

  constructor() {
    super()
    const { port1, port2 } = new MessageChannel()
    this.port = port1
    port1
      .on('message', message => this.emit('message', message))
      .on('messageerror', thrown => this.emit('messageerror', thrown))
      .once('close', () => this.emit('exit'))
    port2.once('message', data => {
      runStoreThread(port2, ThreadData.parse(data)).catch((thrown: unknown) => {
        this.emit('error', thrown)
        port2.close()
      })
    })
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message)
  }

  terminate(): void {
    this.port.close()
  }
}
