/** @module limber serve: runs the server until somebody wants it to stop, or an error is left that nobody handled. */
import { availableParallelism } from 'node:os'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import { stopSignal } from '../../console/stop-signal.ts'
import { unhandledFault } from '../../console/unhandled-fault.ts'
import type { HttpKernel } from '../http-kernel.ts'
import { ProcessMemoryError } from '../workers/errors.ts'
import { serve } from './definitions.ts'

@injectable()
export class ServeCommand implements Command<typeof serve> {
  static readonly definition = serve

  constructor(
    @inject('app') private readonly app: Application,
    @inject('http') private readonly http: HttpKernel,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof serve>): Promise<number> {
    const { host, port, workers } = options
    this.http.listenOn({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) })
    if (workers === undefined) return this.#serve()
    const worker = await import('../workers/worker-process.ts')
    if (!worker.isWorker) return this.#serveByWorkers(workers === 'auto' ? availableParallelism() : workers)
    return this.#serve(worker.tellListening, worker.workerStop).finally(worker.letGoOfPrimary)
  }

  async #serve(
    tell = (address: string) => this.output.line(`Listening on ${address}`),
    wish: () => Promise<unknown> = stopSignal,
  ): Promise<number> {
    await this.app.run(this.http)
    // Before the line: whoever waits for it may send the signal at once.
    const stopped = wish().then(() => exitCodes.ok)
    const failed = unhandledFault().then((fault) => {
      this.app.make('log').fatal({ err: fault }, 'Stopping after an error that nobody handled.')
      return exitCodes.failure
    })
    tell(String(this.http.address))
    return Promise.race([stopped, failed])
  }

  async #serveByWorkers(size: number): Promise<number> {
    const memories = this.app.tagged('process memory')
    if (size > 1 && memories.length > 0) throw new ProcessMemoryError(size, memories)
    const { WorkerPool } = await import('../workers/worker-pool.ts')
    const tell = (line: string) => this.output.line(line)
    const port = await this.http.findPort()
    const pool = new WorkerPool({ size, port, stopTimeout: this.http.stopTimeout, tell })
    // When a second signal ends this process, none of them is to stay.
    process.once('exit', () => pool.kill())
    process.on('SIGUSR2', () => void pool.restart())
    try {
      await Promise.race([stopSignal(), pool.start()])
    } catch (error) {
      await pool.stop()
      throw error
    }
    return (await pool.stop()) ? exitCodes.ok : exitCodes.failure
  }
}
