/** @module The primary's side of one worker: when it listens, how it ends, and how it is told to. */
import type { Worker } from 'node:cluster'
import { isListening, type StopMessage } from './messages.ts'

/** How a process ended. */
export interface WorkerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export class PooledWorker {
  readonly pid: number
  /** Where it listens; undefined when it ended before. */
  readonly listening: Promise<string | undefined>
  readonly ended: Promise<WorkerEnd>
  readonly #worker: Worker
  #isListening = false
  #isStopping = false

  constructor(worker: Worker) {
    this.#worker = worker
    this.pid = worker.process.pid ?? 0
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code: number | null, signal) => resolve({ code, signal: signalOf(signal) }))
      // A process that could not be started ends without an exit.
      worker.once('error', () => {
        if (!worker.process.pid) resolve({ code: 1, signal: null })
      })
    })
    this.listening = new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        if (!isListening(message)) return
        this.#isListening = true
        resolve(message.address)
      })
      void this.ended.then(() => resolve(undefined))
    })
  }

  get isListening(): boolean {
    return this.#isListening
  }

  /** Whether its end was asked for. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  /**
   * Lets it finish what it has, and ends it when it takes longer.
   *
   * @returns how it ended, and whether there was no more time
   */
  async stop(timeout: number): Promise<WorkerEnd & { readonly isCut: boolean }> {
    this.#isStopping = true
    const message: StopMessage = { limber: 'stop' }
    let isCut = false
    const cut = () => {
      isCut = true
      this.kill()
    }
    // What does not listen yet holds nothing, and would not hear.
    if (!this.#isListening) this.kill()
    else if (this.#worker.isConnected()) this.#worker.send(message, () => undefined)
    const timer = setTimeout(cut, timeout)
    const end = await this.ended
    clearTimeout(timer)
    return { ...end, isCut }
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL')
  }
}

/** An exit by code has an empty text for its signal in some versions of Node. */
function signalOf(signal: string | null): NodeJS.Signals | null {
  // Node names every signal that ends a process as its own type lists them.
  return signal ? (signal as NodeJS.Signals) : null
}
