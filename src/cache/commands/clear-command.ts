/** @module limber cache clear: forgets what the cache keeps. */
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import type { Cache } from '../cache.ts'
import type { CacheStores } from '../cache-stores.ts'
import { clear } from './definitions.ts'

@injectable()
export class ClearCommand implements Command<typeof clear> {
  static readonly definition = clear

  constructor(
    @inject('cache') private readonly cache: Cache,
    @inject('cache.stores') private readonly stores: CacheStores,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof clear>): Promise<void> {
    const { store = this.stores.default, tag, dryRun } = options
    const cache = this.cache.store(store)
    const tags = tag?.map((name) => `"${name}"`).join(', ')
    const what = tags === undefined ? 'every value of the cache' : `what was kept with ${tags}`
    if (dryRun) return this.output.line(`Would forget ${what} in store "${store}".`)
    await (tag ? cache.deleteTags(tag) : cache.clear())
    this.output.line(`Forgot ${what} in store "${store}".`)
  }
}
