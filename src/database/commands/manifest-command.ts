/** @module limber db manifest */
import path from 'node:path'
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { ManifestError } from '../migrations/files/errors.ts'
import { writeManifest } from '../migrations/files/manifest.ts'
import { chosenMigrations } from '../modules/module-target.ts'
import { manifest } from './definitions.ts'

@injectable()
export class ManifestCommand implements Command<typeof manifest> {
  static readonly definition = manifest

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ options }: CommandInput<typeof manifest>): Promise<void> {
    const { files } = await chosenMigrations(this.app, options, manifest.name)
    const folder = options.out === undefined ? files.folder : path.resolve(this.app.root, options.out)
    const checksums = Object.fromEntries(files.checksums())
    const unknown = files.names().find((name) => checksums[name] === undefined)
    if (unknown !== undefined) throw new ManifestError(folder, `the source of ${unknown} is not there.`)
    const file = path.relative(this.app.root, writeManifest(folder, checksums))
    if (options.json) this.output.json({ file, checksums })
    else this.output.line(`Wrote ${file} with the checksums of ${Object.keys(checksums).length} migrations`)
  }
}
