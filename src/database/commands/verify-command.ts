/** @module limber db verify */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import type { VerifiedMigration } from '../migrations/schema/verify.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { verify } from './definitions.ts'

const WORDS: Readonly<Record<VerifiedMigration['state'], string>> = {
  restores: 'Restores',
  irreversible: 'Irreversible',
  fails: 'Fails',
}

@injectable()
export class VerifyCommand implements Command<typeof verify> {
  static readonly definition = verify

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof verify>): Promise<number> {
    const chosen = await chosenMigrations(this.app, options, verify.name)
    const start = performance.now()
    const report = options.json ? undefined : (verified: VerifiedMigration) => this.#report(verified)
    const migrations = await chosen.verify(options.connection, report)
    const failed = migrations.filter(({ state }) => state === 'fails').length
    if (options.json) this.output.json({ migrations })
    else if (migrations.length === 0) this.output.line('There are no migrations yet.')
    else {
      const seconds = ((performance.now() - start) / 1_000).toFixed(1)
      const result = failed === 0 ? 'None fails' : `${failed} of them ${failed === 1 ? 'fails' : 'fail'}`
      this.output.line(`${result}; there are ${migrations.length}, verified in ${seconds} s.`)
    }
    return failed === 0 ? exitCodes.ok : exitCodes.failure
  }

  #report({ name, state, reason, differences, milliseconds }: VerifiedMigration): void {
    this.output.line(`${WORDS[state]} ${name} (${milliseconds} ms)`)
    if (reason) this.output.line(`  ${reason}`)
    for (const difference of differences) this.output.line(`  - ${difference}`)
  }
}
