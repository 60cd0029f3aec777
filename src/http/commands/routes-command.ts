/** @module limber routes: lists the routes, without a server. */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type {} from '../../application/ports/module-databases.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import { loadRoutes } from '../routing/load-routes.ts'
import type { Route } from '../routing/route.ts'
import { RouteNamesFile } from '../routing/route-names-file.ts'
import type { Router } from '../routing/router.ts'
import { routes } from './definitions.ts'

const COLUMNS = ['method', 'path', 'name', 'module', 'handler', 'guards', 'middleware'] as const

@injectable()
export class RoutesCommand implements Command<typeof routes> {
  static readonly definition = routes

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof routes>): Promise<number> {
    const router = await loadRoutes(this.app)
    // The life of modules begins then; without any, nothing has to be there.
    if (this.app.has('modules.databases')) await this.app.ready()
    if (options.types || options.check)
      return this.#names(new RouteNamesFile(this.app, router), options.check)
    // The names of lazy controllers are known when they are loaded.
    await Promise.all(router.routes.map((route) => route.controller()))
    if (options.json) this.output.json(router.routes.map(factsOf))
    else if (router.routes.length === 0)
      this.output.line('There are no routes. Add them in app/http/routes.ts.')
    else this.#table(router)
    return exitCodes.ok
  }

  #table({ routes }: Router): void {
    const rows = routes.map(factsOf)
    // Most applications have no use for some of the columns.
    const columns = COLUMNS.filter((column) => rows.some((row) => textOf(row[column]) !== ''))
    this.output.table(
      columns,
      rows.map((row) => columns.map((column) => textOf(row[column]))),
    )
  }

  #names(names: RouteNamesFile, isCheck: boolean): number {
    const { file } = names
    if (names.isCurrent) this.output.line(`${file} is up to date.`)
    else if (isCheck) {
      this.output.line(`${file} is out of date. Run: limber routes --types`)
      return exitCodes.failure
    } else {
      names.write()
      this.output.line(`Wrote ${file}.`)
    }
    return exitCodes.ok
  }
}

function factsOf({ verb, path, label, owner, options: { name, guards = [], middleware = [] } }: Route) {
  return {
    method: verb,
    path,
    name: name ?? null,
    module: owner?.name ?? null,
    handler: label,
    guards: guards.map((guard) => guard.name),
    middleware: middleware.map((type) => type.name),
  }
}

function textOf(value: string | null | readonly string[]): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '')
}
