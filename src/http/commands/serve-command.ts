/** @module limber serve: runs the server until somebody wants it to stop, or an error is left that nobody handled. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import { stopSignal } from '../../console/stop-signal.ts'
import { unhandledFault } from '../../console/unhandled-fault.ts'
import type { HttpKernel } from '../http-kernel.ts'
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
    const { host, port } = options
    this.http.listenOn({ ...(host !== undefined && { host }), ...(port !== undefined && { port }) })
    await this.app.run(this.http)
    // Before the line: whoever waits for it may send the signal at once.
    const stopped = stopSignal().then(() => exitCodes.ok)
    const failed = unhandledFault().then((fault) => {
      this.app.make('log').fatal({ err: fault }, 'Stopping after an error that nobody handled.')
      return exitCodes.failure
    })
    this.output.line(`Listening on ${this.http.address}`)
    return Promise.race([stopped, failed])
  }
}
