/** @module The primary's side of all workers: keeps as many as were asked for, and exchanges and ends them without losing requests. */
import cluster from 'node:cluster'
import { WorkersFailedError } from './errors.ts'
import { PooledWorker, type WorkerEnd } from './pooled-worker.ts'

export interface WorkerPoolOptions {
  readonly size: number
  /** Where they all listen; not 0, since those that come later could not ask for the same. */
  readonly port: number
  /** How long a worker may take to stop, in milliseconds; it ends itself by then, unless it hangs. */
  readonly stopTimeout: number
  /** Takes one line for each thing that happens. */
  readonly tell: (line: string) => void
}

/** After so many workers in a row that never listened, and while none does, another would not either. */
const MAX_FAILED_STARTS = 3

/** How long the next try waits after a first failure; it doubles with each further one, up to the second number. */
const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [250, 30_000]

/** What a worker needs, after its time to stop, to close its database and end. */
const GRACE_MS = 2000

export class WorkerPool {
  readonly #options: WorkerPoolOptions
  readonly #workers = new Set<PooledWorker>()
  readonly #failure = Promise.withResolvers<never>()
  #isAnnounced = false
  #failedStarts = 0
  #isStopping = false
  #hasFailed = false
  #restart: Promise<void> | undefined
  #exchange: { readonly old: PooledWorker; readonly fresh: PooledWorker } | undefined

  constructor(options: WorkerPoolOptions) {
    this.#options = options
  }

  /** Starts the workers. The promise never resolves; it rejects when they cannot be kept alive. */
  start(): Promise<never> {
    // Each worker accepts for itself. When the primary hands connections over, those on their way to a worker that is
    // killed are answered by nobody: they stay open until the client loses patience.
    cluster.schedulingPolicy = cluster.SCHED_NONE
    cluster.setupPrimary({ args: [...process.argv.slice(2), '--port', String(this.#options.port)] })
    for (let count = 0; count < this.#options.size; count++) this.#fork()
    return this.#failure.promise
  }

  /** Exchanges one worker after the other; the old one stops when the new one listens. A second call waits for the first. */
  async restart(): Promise<void> {
    if (this.#isStopping || this.#hasFailed) return
    this.#restart ??= this.#exchangeAll().finally(() => {
      this.#restart = undefined
    })
    await this.#restart
  }

  /** Stops all workers at once. @returns whether each ended well */
  async stop(): Promise<boolean> {
    this.#isStopping = true
    const stop = (worker: PooledWorker) => (worker.isStopping ? worker.ended : this.#stop(worker))
    const ends = await Promise.all([...this.#workers].map(stop))
    return ends.every(({ code, signal }) => code === 0 || signal !== null)
  }

  /** Ends all workers at once, whatever they are doing. */
  kill(): void {
    for (const worker of this.#workers) worker.kill()
  }

  #fork(replaced?: string): PooledWorker {
    const worker = new PooledWorker(cluster.fork())
    this.#workers.add(worker)
    void worker.listening.then((address) => {
      if (address !== undefined) this.#listens(worker, address, replaced)
    })
    void worker.ended.then((end) => this.#ended(worker, end))
    return worker
  }

  #listens({ pid }: PooledWorker, address: string, replaced: string | undefined): void {
    this.#failedStarts = 0
    if (replaced !== undefined) this.#options.tell(`Worker ${pid} listens in place of ${replaced}.`)
    if (this.#isAnnounced) return
    const { size } = this.#options
    if ([...this.#workers].filter(({ isListening }) => isListening).length < size) return
    this.#isAnnounced = true
    this.#options.tell(`Listening on ${address} with ${size} worker${size === 1 ? '' : 's'}`)
  }

  #ended(worker: PooledWorker, end: WorkerEnd): void {
    this.#workers.delete(worker)
    if (this.#isStopping || this.#hasFailed || worker.isStopping) return
    const how = describe(end)
    this.#options.tell(`Worker ${worker.pid} ${how}${worker.isListening ? '' : ' before it listened'}.`)
    const { old, fresh } = this.#exchange ?? {}
    // The one has its successor on the way already, and without the other everything goes on as it is.
    if (worker === old || worker === fresh) return
    if (!worker.isListening) this.#failedStarts++
    if (this.#failedStarts >= MAX_FAILED_STARTS && ![...this.#workers].some((other) => other.isListening)) {
      this.#hasFailed = true
      this.#failure.reject(new WorkersFailedError(this.#failedStarts, how))
      return
    }
    const delay = Math.min(FIRST_DELAY_MS * 2 ** (this.#failedStarts - 1), LONGEST_DELAY_MS)
    setTimeout(() => this.#replace(worker), this.#failedStarts === 0 ? 0 : delay)
  }

  #replace({ pid }: PooledWorker): void {
    const lasting = this.#workers.size - (this.#exchange ? 1 : 0)
    if (!this.#isStopping && !this.#hasFailed && lasting < this.#options.size) this.#fork(String(pid))
  }

  async #exchangeAll(): Promise<void> {
    this.#options.tell('Restarting the workers, one after the other.')
    for (const old of [...this.#workers]) {
      // Whatever took its place is new.
      if (!this.#workers.has(old)) continue
      if (!(await this.#exchangeOne(old)) || this.#isStopping) return
    }
    this.#options.tell('All workers are new.')
  }

  /** @returns whether the others are to be exchanged as well */
  async #exchangeOne(old: PooledWorker): Promise<boolean> {
    const fresh = this.#fork(String(old.pid))
    this.#exchange = { old, fresh }
    const address = await fresh.listening
    this.#exchange = undefined
    if (this.#isStopping) return false
    if (address === undefined) {
      this.#options.tell('The new worker did not start, so the others go on as they are.')
      this.#replace(old)
      return false
    }
    if (this.#workers.has(old)) await this.#stop(old)
    return true
  }

  async #stop(worker: PooledWorker): Promise<WorkerEnd> {
    const end = await worker.stop(this.#options.stopTimeout + GRACE_MS)
    if (end.isCut) this.#options.tell(`Worker ${worker.pid} did not stop in time and was ended.`)
    else this.#options.tell(`Worker ${worker.pid} stopped${end.code ? ` with exit code ${end.code}` : ''}.`)
    return end
  }
}

function describe({ code, signal }: WorkerEnd): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`
}
