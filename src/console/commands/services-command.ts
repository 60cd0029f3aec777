/** @module `limber services`. */
import { inject, injectable } from 'inversify'
import { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../command.ts'
import { Output } from '../output.ts'
import { servicesDefinition } from './definitions.ts'

@injectable()
export class ServicesCommand implements Command<typeof servicesDefinition> {
  static readonly definition = servicesDefinition

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  run({ options }: CommandInput<typeof servicesDefinition>): void {
    const services = this.app.list().map(({ key, lifetime, boundBy }) => ({
      key: typeof key === 'string' ? key : key.name,
      type: typeof key === 'string' ? 'name' : 'class',
      lifetime,
      boundBy,
    }))
    services.sort((a, b) => (a.key < b.key ? -1 : 1))
    const rows = services.map(({ key, lifetime, boundBy }) => [key, lifetime, boundBy])
    if (options.json) this.output.json(services)
    else this.output.table(['service', 'lifetime', 'bound by'], rows)
  }
}
