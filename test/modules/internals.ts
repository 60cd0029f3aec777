/** What has no door, as typed as if it had one: it is loaded by its file. */
import path from 'node:path'
import type { Application, ModuleEntry } from 'limber'
import type { Driver } from 'limber/database'
import type {
  EnabledModules,
  FoundModule,
  ModuleFault,
  Strings,
  UpdateOptions,
  UpdateResult,
} from 'limber/modules'

interface Manifests {
  readManifest(folder: string, root: string, granted?: readonly string[], name?: string): Promise<FoundModule>
}
interface Discoveries {
  discoverModules(
    root: string,
    entries: readonly ModuleEntry[],
  ): Promise<{ found: readonly FoundModule[]; faults: readonly ModuleFault[] }>
}
interface Orders {
  orderModules(
    found: readonly FoundModule[],
    faulty?: readonly ModuleFault[],
  ): Promise<{ ordered: readonly FoundModule[]; faults: readonly ModuleFault[] }>
}
interface Requirements {
  requirersOf(name: string, modules: readonly FoundModule[]): readonly FoundModule[]
}
interface Packages {
  checkPackages(found: readonly FoundModule[], root: string): Promise<readonly ModuleFault[]>
}
interface Texts {
  loadStrings(folder: string, language: string, root: string): Promise<Strings>
}
/** What an update needs of the application around it. */
export interface UpdateHost {
  readonly root: string
  readonly storage: string
  readonly enabled: EnabledModules
  discover(): Promise<readonly FoundModule[]>
  isLoaded(name: string): boolean
  load(name: string): Promise<void>
  unload(name: string): Promise<void>
  driverOf(name: string): Promise<Driver | undefined>
  migrate(module: FoundModule): Promise<readonly string[]>
}
interface UpdateRequest extends UpdateOptions {
  readonly module: { readonly name: string; readonly folder: string }
  readonly source: string
}
interface Hosts {
  ApplicationHost: new (app: Application) => UpdateHost
}
interface Updates {
  ModuleUpdate: new (host: UpdateHost) => { run(request: UpdateRequest): Promise<UpdateResult> }
}

const load = (file: string) => import(path.resolve('src/modules', file))
const manifests: Manifests = await load('manifest/read-manifest.ts')
const discoveries: Discoveries = await load('manifest/discover-modules.ts')
const orders: Orders = await load('manifest/order-modules.ts')
const requirements: Requirements = await load('manifest/requirements.ts')
const packages: Packages = await load('manifest/check-packages.ts')
const texts: Texts = await load('../strings/load-strings.ts')
const hosts: Hosts = await load('update/application-host.ts')
const updates: Updates = await load('update/module-update.ts')

export const { readManifest } = manifests
export const { discoverModules } = discoveries
export const { orderModules } = orders
export const { requirersOf } = requirements
export const { checkPackages } = packages
export const { loadStrings } = texts
export const { ApplicationHost } = hosts
export const { ModuleUpdate } = updates
