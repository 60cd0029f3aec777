/** @module limber module info */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { printError } from '../../errors/print-error.ts'
import { ModuleNotFoundError } from '../errors.ts'
import { discoverIn } from '../manifest/discover-modules.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ModuleInfo } from '../module-info.ts'
import { meanings } from './ask-consent.ts'
import { info } from './definitions.ts'
import { describe } from './list-command.ts'
import { type MigrationState, migrationsOf } from './module-migration-state.ts'
import { modulesOf } from './modules-of.ts'

@injectable()
export class ModuleInfoCommand implements Command<typeof info> {
  static readonly definition = info

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args: { name }, options: { json } }: CommandInput<typeof info>): Promise<void> {
    const modules = modulesOf(this.app, 'module info').list()
    const module = modules.find((each) => each.name === name)
    if (!module)
      throw new ModuleNotFoundError(
        name,
        modules.map((each) => each.name),
      )
    const { found } = await discoverIn(this.app)
    const manifest = found.find((each) => each.manifest.name === name)?.manifest
    const migrations = await migrationsOf(this.app, module)
    const commands = this.#commandsOf(name)
    if (json) {
      const { requires = {}, packages = {}, autoLoad = null, config = {} } = manifest ?? {}
      const facts = { ...describe(module), requires, packages, autoLoad, config }
      return this.output.json({ ...facts, migrations: migrations ?? null, commands })
    }
    for (const [label, value] of linesOf(module, manifest, migrations, commands)) {
      if (value !== '') this.output.line(`${label.padEnd(12)}${value}`)
    }
    this.#permissions(module)
    if (module.reason) this.output.line(`\n${printError(module.reason)}`)
  }

  #permissions({ permissions, granted = [] }: ModuleInfo): void {
    if (permissions.length === 0) return
    this.output.line('permissions')
    const lines = meanings(permissions)
    for (const [index, permission] of permissions.entries()) {
      this.output.line(`${lines[index]}${granted.includes(permission) ? '' : ' (not consented to)'}`)
    }
  }

  #commandsOf(name: string): string[] {
    return this.app
      .tagged('commands')
      .flatMap((source) => source.commands())
      .flatMap(({ module, type }) => (module === name ? [type.definition.name] : []))
  }
}

function linesOf(
  module: ModuleInfo,
  manifest: Manifest | undefined,
  migrations: MigrationState | undefined,
  commands: readonly string[],
): [string, string][] {
  const ranges = (entries: Readonly<Record<string, string>> = {}) =>
    Object.entries(entries)
      .map(([name, range]) => `${name} ${range}`)
      .join(', ')
  return [
    ['name', module.name],
    ['version', module.version],
    ['description', module.description],
    ['author', module.author],
    ['folder', module.folder],
    ['state', module.state],
    ['loads', manifest?.autoLoad === false ? 'by hand' : ''],
    ['requires', ranges(manifest?.requires)],
    ['packages', ranges(manifest?.packages)],
    ['database', module.database ?? ''],
    ['applied', migrations?.applied.join(', ') ?? ''],
    ['pending', migrations?.pending.join(', ') ?? ''],
    ['services', module.bindings.join(', ')],
    ['commands', commands.join(', ')],
  ]
}
