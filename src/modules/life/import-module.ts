/** @module Imports the code of a module into a draft of it, which base extensions may alter. */
import type { Application } from '../../application/application.ts'
import type { PartFile } from '../../application/ports/module-part.ts'
import { commandClassesOf } from '../../console/load-command.ts'
import { isClass } from '../../support/class-of.ts'
import type { ModuleCode } from '../code/module-code.ts'
import { ModuleProviderFileError } from '../errors.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import type { ModuleDraft } from '../module-extension.ts'
import { type ModuleFacilities, ModuleProvider, type ModuleProviderClass } from '../module-provider.ts'
import { KNOWN_PARTS } from './module-parts.ts'

/** Models are imported when their database is opened: they load the ORM. */
export async function importModule(
  app: Application,
  { manifest }: FoundModule,
  code: ModuleCode,
  facilities: ModuleFacilities,
): Promise<ModuleDraft> {
  const Provider = await providerOf(manifest.name, code)
  const offered = app.tagged('module part').map(({ name }) => name)
  const parts = new Map<string, PartFile[]>()
  for (const name of new Set([...offered, ...Object.keys(KNOWN_PARTS)])) {
    if (code.files(name).length > 0) parts.set(name, [...(await code.part(name))])
  }
  return {
    manifest,
    provider: new Provider(facilities),
    models: modelsOf(code),
    commands: (await code.part('commands')).map(commandsOf),
    parts,
  }
}

export function modelsOf(code: ModuleCode) {
  return code.files('models').map((file) => {
    const load = () => code.import(file)
    // What stands in messages about a list of models, where its entry has no other name.
    return Object.assign(load, { toString: () => code.nameOf(file) })
  })
}

/** Names the file when there is no command in it. */
function commandsOf({ path, exports }: PartFile) {
  return async () => {
    await commandClassesOf(async () => exports, path)
    return exports
  }
}

/** @throws {ModuleProviderFileError} */
async function providerOf(module: string, code: ModuleCode): Promise<ModuleProviderClass> {
  const [file] = code.files('provider')
  if (file === undefined) return ModuleProvider
  const found = Object.values(await code.import(file)).filter(isProvider)
  const [Provider] = found
  if (Provider && found.length === 1) return Provider
  throw new ModuleProviderFileError(module, code.nameOf(file), found.length)
}

function isProvider(value: unknown): value is ModuleProviderClass {
  return isClass(value) && value.prototype instanceof ModuleProvider
}
