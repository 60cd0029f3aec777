/** @module limber openapi: prints the OpenAPI document, or what it does not say; nothing listens. */
import { writeFile } from 'node:fs/promises'
import { inject, injectable } from 'inversify'
import type { Command, CommandInput } from '../../console/command.ts'
import { exitCodes } from '../../console/exit-codes.ts'
import type { Output } from '../../console/output.ts'
import type { HttpKernel } from '../http-kernel.ts'
import { descriptionOf } from '../openapi/add-openapi.ts'
import { OpenApiConfigError } from '../openapi/errors.ts'
import type { RouteGap } from '../openapi/route-schemas.ts'
import { openapi } from './definitions.ts'

@injectable()
export class OpenApiCommand implements Command<typeof openapi> {
  static readonly definition = openapi

  constructor(
    @inject('http') private readonly http: HttpKernel,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof openapi>): Promise<number> {
    const description = descriptionOf(await this.http.build())
    if (!description) throw new OpenApiConfigError('it is not there.', 'Add "openapi: {}" to config/http.ts.')
    const { document, gaps } = description
    if (options.check) return this.#check(gaps, options.json)
    for (const { route, place, reason } of gaps) this.output.error(`${route}: ${place}: ${reason}`)
    if (options.output === undefined) this.output.json(document)
    else await writeFile(options.output, `${JSON.stringify(document, null, 2)}\n`)
    return exitCodes.ok
  }

  #check(gaps: readonly RouteGap[], asJson: boolean): number {
    if (asJson) this.output.json(gaps)
    else if (gaps.length === 0) this.output.line('The document describes every schema of every route.')
    else
      this.output.table(
        ['route', 'place', 'reason'],
        gaps.map(({ route, place, reason }) => [route, place, reason]),
      )
    return gaps.length === 0 ? exitCodes.ok : exitCodes.failure
  }
}
