/** @module Imports the code of a module into a draft of it, which base extensions may alter. */
import type { Application } from '../../application/application.ts'
import type { PartFile } from '../../application/ports/module-part.ts'
import { isClass } from '../../support/class-of.ts'
import type { ModuleCode } from '../code/module-code.ts'
import { ModuleProviderFileError } from '../errors.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { placeFrom } from '../manifest/place-from.ts'
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
  const Provider = await providerOf(manifest.name, app.root, code)
  const offered = app.tagged('module part').map(({ name }) => name)
  const parts = new Map<string, PartFile[]>()
  for (const name of new Set([...offered, ...Object.keys(KNOWN_PARTS)])) {
    if (code.files(name).length > 0) parts.set(name, [...(await code.part(name))])
  }
  return {
    manifest,
    provider: new Provider(facilities),
    models: modelsOf(code),
    commands: (await code.part('commands')).map(
      ({ exports }) =>
        async () =>
          exports,
    ),
    parts,
  }
}

export function modelsOf(code: ModuleCode) {
  return code.files('models').map((file) => () => code.import(file))
}

/** @throws {ModuleProviderFileError} */
async function providerOf(module: string, root: string, code: ModuleCode): Promise<ModuleProviderClass> {
  const [file] = code.files('provider')
  if (file === undefined) return ModuleProvider
  const found = Object.values(await code.import(file)).filter(isProvider)
  const [Provider] = found
  if (Provider && found.length === 1) return Provider
  throw new ModuleProviderFileError(module, placeFrom(root, file), found.length)
}

function isProvider(value: unknown): value is ModuleProviderClass {
  return isClass(value) && value.prototype instanceof ModuleProvider
}
