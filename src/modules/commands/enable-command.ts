/** @module limber module enable */
import { inject, injectable } from 'inversify'
import type { Application } from '../../application/application.ts'
import type { Command, CommandInput } from '../../console/command.ts'
import type { Output } from '../../console/output.ts'
import { checkPackages } from '../manifest/check-packages.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { notGranted } from '../permissions/permission.ts'
import { checkRequirements } from '../update/check-update.ts'
import { ConsentNeededError, PermissionsListedError } from '../update/errors.ts'
import { meanings } from './ask-consent.ts'
import { consentOf } from './consent.ts'
import { enable } from './definitions.ts'
import { findModule, seeModules } from './find-module.ts'

@injectable()
export class EnableCommand implements Command<typeof enable> {
  static readonly definition = enable

  constructor(
    @inject('app') private readonly app: Application,
    @inject('output') private readonly output: Output,
  ) {}

  async run({ args: { name }, options }: CommandInput<typeof enable>): Promise<void> {
    const seen = await seeModules(this.app, this.output)
    const module = findModule(seen, name)
    if (module.granted) throw new PermissionsListedError(name)
    const { permissions, version } = module.manifest
    await checkRequirements(module.manifest, seen.around)
    const [fault] = await checkPackages([module], this.app.root)
    if (fault) throw fault.error
    const { enabled } = seen.host
    const before = enabled.find(name)
    const added = notGranted(permissions, before?.permissions ?? [])
    if (!options.dryRun) {
      if (added.length > 0) await this.#ask(module.manifest, added, options)
      await enabled.set(name, { permissions, version })
    }
    const result = { module: name, version, permissions, added, wasEnabled: before !== undefined }
    if (options.json) this.output.json({ ...result, dryRun: options.dryRun })
    else this.#report(result, options.dryRun)
  }

  async #ask(
    manifest: Manifest,
    added: readonly string[],
    options: { yes: boolean; json: boolean },
  ): Promise<void> {
    const consent = consentOf(options, this.output)
    if (await consent?.(manifest, added)) return
    throw new ConsentNeededError(manifest.name, added, consent !== undefined)
  }

  #report(
    result: { module: string; version: string; permissions: readonly string[]; wasEnabled: boolean },
    dryRun: boolean,
  ): void {
    const { module, version, permissions, wasEnabled } = result
    const verb = dryRun ? 'Would enable' : wasEnabled ? 'Enabled again:' : 'Enabled'
    const may = permissions.length > 0 ? '. It may use' : '. It asks for no permission.'
    this.output.line(`${verb} ${module} ${version}${may}`)
    for (const line of permissions.length > 0 ? meanings(permissions) : []) this.output.line(line)
  }
}
