/** @module limber db check */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { maskSecrets } from '../../support/mask-secrets.ts'
import { type CheckResult, check, checkCodes } from '../migrations/drift/check.ts'
import type { ModelComparison } from '../migrations/drift/compare-models.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { check as definition } from './definitions.ts'
import { requireDatabase } from './require-database.ts'

const STATES: Readonly<Record<string, string>> = {
  pending: 'Pending',
  interrupted: 'Interrupted',
  changed: 'Changed after it was applied',
  missing: 'Applied, but its file is missing',
}

@injectable()
export class CheckCommand implements Command<typeof definition> {
  static readonly definition = definition

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof definition>): Promise<number> {
    requireDatabase(this.app, definition.name)
    const { module } = options
    const chosen =
      module === undefined ? undefined : await chosenMigrations(this.app, options, definition.name)
    const result = await check(this.app, options.connection, chosen)
    if (options.json) this.output.line(maskSecrets(JSON.stringify(result, null, 2)))
    else this.#print(result, module === undefined ? '' : ` --module ${module}`)
    return result.code
  }

  /** @param of which database commands are about, as they are told it */
  #print({ code, unreachable, migrations, models }: CheckResult, of: string): void {
    if (unreachable !== undefined) this.#line(unreachable)
    for (const { name, state } of migrations) if (STATES[state]) this.#line(`${STATES[state]}: ${name}`)
    if (models) this.#printModels(models, of)
    if (code === checkCodes.inOrder) this.#line('Models, migrations and database are in order.')
    const has = (...states: readonly string[]) => migrations.some(({ state }) => states.includes(state))
    if (has('interrupted')) this.#line(`Go on with: limber db migrate${of} --resume`)
    else if (has('pending')) this.#line(`Apply with: limber db migrate${of}`)
    if (has('changed', 'missing'))
      this.#line('Bring back the files as they were applied, and put changes into a new migration.')
  }

  #printModels({ differ, statements, reason }: ModelComparison, of: string): void {
    // With statements it is what they would do; without, it is why there are none.
    const prefix = statements.length > 0 ? 'Warning: ' : ''
    for (const line of reason?.split('\n') ?? []) this.output.error(maskSecrets(`${prefix}${line}`))
    if (differ === undefined) this.#line('The models could not be compared with the migrations.')
    if (!differ) return
    this.#line(`The models differ from the migrations${statements.length > 0 ? ':' : '.'}`)
    for (const statement of statements) this.#line(`  ${statement};`)
    this.#line(`Write it down with: limber db makemigrations${of} --message "…"`)
  }

  #line(text: string): void {
    this.output.line(maskSecrets(text))
  }
}
