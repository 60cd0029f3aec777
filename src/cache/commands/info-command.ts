/** @module limber cache info: lists the stores, and whether they answer. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import { LimberError } from '../../errors/limber-error.ts'
import { messageOf } from '../../support/message-of.ts'
import type { CacheStores } from '../cache-stores.ts'
import { info } from './definitions.ts'

@injectable()
export class InfoCommand implements Command<typeof info> {
  static readonly definition = info

  constructor(
    @inject('app') private readonly app: Application,
    @inject('cache.stores') private readonly stores: CacheStores,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof info>): Promise<number> {
    const config = this.app.config.get('cache')
    const { locks = this.stores.default, limits = this.stores.default } = config
    const roles = { default: this.stores.default, locks, limits }
    const list = await Promise.all(
      Object.entries(config.stores).map(async ([name, { name: driver }]) => ({
        name,
        driver,
        uses: Object.entries(roles).flatMap(([role, store]) => (store === name ? [role] : [])),
        error: await this.#faultOf(name),
      })),
    )
    if (options.json) this.output.json(list)
    else {
      const rows = list.map(({ name, driver, uses, error }) => [name, driver, uses.join(', '), error ?? 'ok'])
      this.output.table(['store', 'driver', 'used for', 'state'], rows)
    }
    return list.every(({ error }) => error === null) ? exitCodes.ok : exitCodes.failure
  }

  async #faultOf(name: string): Promise<string | null> {
    try {
      await this.stores.get(name).ping()
      return null
    } catch (error) {
      const message = messageOf(error)
      const hint = error instanceof LimberError ? error.hint : undefined
      return hint ? `${message.replace(/\.$/, '')}. ${hint}` : message
    }
  }
}
