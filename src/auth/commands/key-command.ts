/** @module limber auth key: issues an API key, and prints it once. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { AuthOffError } from '../errors.ts'
import { authKey } from './definitions.ts'
import { findUser } from './find-user.ts'

@injectable()
export class KeyCommand implements Command<typeof authKey> {
  static readonly definition = authKey

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof authKey>): Promise<void> {
    const { name, ability: abilities = [], expires, dryRun, json } = options
    const user = await findUser(this.app, authKey.name, options.user)
    const expiresAt = expires === undefined ? undefined : new Date(this.app.make('clock').now() + expires)
    const facts = { user: options.user, name, abilities, expiresAt: expiresAt?.toISOString() ?? null }
    const keys = this.app.make('auth.keys')
    if (!keys) throw new AuthOffError('limber auth key', '"apiKeys" in config/auth.ts')
    if (dryRun) {
      keys.check({ user, name, abilities, expiresAt })
      if (json) this.output.json({ key: null, ...facts })
      else this.output.line(`A key for ${options.user} would be issued. Nothing was written.`)
      return
    }
    const key = await keys.issue({ user, name, abilities, expiresAt })
    // Before that, it opens nothing; and it may never come to it.
    this.app.currentScope()?.afterCommit(() => {
      if (json) this.output.json({ key, ...facts })
      else this.output.line(key)
    })
  }
}
