/** @module limber db prune */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { chosenConnection } from '../modules/module-target.ts'
import { modelsToPrune } from '../soft-delete/prune-order.ts'
import { cutoffOf } from './cutoff.ts'
import { prune } from './definitions.ts'

/** Each batch is committed by itself: interrupted and run again, it goes on where it was. */
@injectable()
export class PruneCommand implements Command<typeof prune> {
  static readonly definition = prune

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof prune>): Promise<void> {
    const { batch, dryRun, json } = options
    // The parser of the option takes nothing else.
    const before = cutoffOf(options.before) ?? new Date(0)
    const connection = await chosenConnection(this.app, options, prune.name)
    await using session = this.app.make('db').openSession(connection)
    const rows: Record<string, number> = {}
    for (const { class: model, className } of modelsToPrune(session, options.model)) {
      let done = 0
      const onBatch = (count: number) => {
        done += count
        if (!json) this.output.line(`${className}: ${done} deleted`)
      }
      rows[className] = await session.prune(model, before, { batch, dryRun, onBatch })
      if (dryRun && !json && rows[className] > 0)
        this.output.line(`${className}: ${rows[className]} would be deleted`)
    }
    if (json) this.output.json({ before: before.toISOString(), rows, dryRun })
    else if (Object.values(rows).every((count) => count === 0)) this.output.line('Nothing to delete.')
  }
}
