/** @module limber routes: lists the routes, without a server. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { loadRoutes } from '../load-routes.ts'
import { routes } from './definitions.ts'

@injectable()
export class RoutesCommand implements Command<typeof routes> {
  static readonly definition = routes

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof routes>): Promise<void> {
    const router = await loadRoutes(this.app)
    const rows = router.routes.map(({ method, path, label }) => ({ method, path, handler: label }))
    if (options.json) this.output.json(rows)
    else if (rows.length === 0) this.output.line('There are no routes. Add them in app/http/routes.ts.')
    else
      this.output.table(
        ['method', 'path', 'handler'],
        rows.map((row) => [row.method, row.path, row.handler]),
      )
  }
}
