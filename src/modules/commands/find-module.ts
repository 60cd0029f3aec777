/** @module The modules that a command can see: found, faulty, enabled; after updates that were killed have been looked after. */
import type { Application } from '../../application/application.ts'
import type { Output } from '../../console/output.ts'
import { printError } from '../../errors/print-error.ts'
import { ModuleNotFoundError } from '../errors.ts'
import { discoverIn, type ModuleFault } from '../manifest/discover-modules.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { ApplicationHost } from '../update/application-host.ts'
import type { Surroundings } from '../update/check-update.ts'
import { surroundings } from '../update/prepare-update.ts'
import { recoverUpdates } from '../update/recover-updates.ts'

export interface SeenModules {
  readonly host: ApplicationHost
  readonly found: readonly FoundModule[]
  readonly faults: readonly ModuleFault[]
  readonly around: Surroundings
}

/** What was put in order is told on standard error, where it is in nobody's way. */
export async function seeModules(app: Application, output: Output): Promise<SeenModules> {
  for (const update of await recoverUpdates(app)) {
    if (update.outcome === 'failed') output.error(printError(update.error))
    else if (update.outcome === 'busy')
      output.error(`"${update.module}" is being updated by ${update.holder}.`)
    else output.error(`An update of "${update.module}" had been interrupted; it is ${update.outcome} now.`)
  }
  const host = new ApplicationHost(app)
  const { found, faults } = await discoverIn(app)
  return { host, found, faults, around: surroundings(host, found) }
}

/** @throws {ModuleNotFoundError} @throws what is wrong with its manifest */
export function findModule({ found, faults }: SeenModules, name: string): FoundModule {
  const module = found.find(({ manifest }) => manifest.name === name)
  if (module) return module
  const fault = faults.find((each) => each.name === name)
  if (fault) throw fault.error
  throw new ModuleNotFoundError(name, [
    ...found.map(({ manifest }) => manifest.name),
    ...faults.flatMap((each) => each.name ?? []),
  ])
}
