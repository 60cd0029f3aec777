/** @module limber db diagram */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { makeFolder } from '../connections/make-folder.ts'
import { describeTables } from '../migrations/diagram/describe-tables.ts'
import { mermaid } from '../migrations/diagram/mermaid.ts'
import { FolderNotWritableError } from '../migrations/files/errors.ts'
import { chosenConnection } from '../modules/module-target.ts'
import { diagram } from './definitions.ts'

@injectable()
export class DiagramCommand implements Command<typeof diagram> {
  static readonly definition = diagram

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof diagram>): Promise<void> {
    const connection = await chosenConnection(this.app, options, diagram.name)
    const content = describeTables(this.app.make('db').connection(connection))
    if (options.out !== undefined) this.#write(options.out, mermaid(content))
    if (options.json) this.output.json({ file: options.out, ...content })
    else if (options.out !== undefined) this.output.line(`Wrote ${options.out}`)
    else this.output.line(mermaid(content).trimEnd())
  }

  #write(out: string, text: string): void {
    const file = path.resolve(this.app.root, out)
    try {
      makeFolder(path.dirname(file))
      writeFileSync(file, text)
    } catch (error) {
      throw new FolderNotWritableError(path.dirname(file), error)
    }
  }
}
