/** @module Everything about an update that can be refused before anything is touched. */
import { renameSync, rmSync } from 'node:fs'
import type { AskConsent } from '../consent.ts'
import { hasOwnDatabase } from '../life/own-database.ts'
import { checkPackages } from '../manifest/check-packages.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import { readManifest } from '../manifest/read-manifest.ts'
import { notGranted } from '../permissions/permission.ts'
import type { EnabledModule } from '../state/enabled-modules.ts'
import { checkDependents, checkHigher, checkRequirements, type Surroundings } from './check-update.ts'
import { ConsentNeededError, hideLogins, ModuleSourceError, PermissionsListedError } from './errors.ts'
import { fetchSource } from './source/fetch-source.ts'
import type { UpdateHost } from './update-host.ts'
import type { UpdatePlaces } from './update-places.ts'

/** How `modules.update` goes about it. */
export interface UpdateOptions {
  /** Takes a version that is not higher, too. */
  readonly force?: boolean
  /** Only finds out what would be done. */
  readonly dryRun?: boolean
  /** Asked when the new version wants to do more than was consented to. Without it, that is an error. */
  readonly consent?: AskConsent
  /** Told of each step. */
  readonly say?: (line: string) => void
}

export interface UpdateRequest extends UpdateOptions {
  readonly module: { readonly name: string; readonly folder: string }
  /** A folder, a git repository, or an archive. */
  readonly source: string
}

export interface PreparedUpdate {
  readonly from: string
  readonly to: string
  /** As it was fetched: its folder is going to be another. */
  readonly next: FoundModule
  /** What it asks for in addition. */
  readonly added: readonly string[]
  /** Whether there is one of its own, before or after. */
  readonly hasDatabase: boolean
  /** What was consented to until now; undefined where that stands in the configuration, or the module is not enabled. */
  readonly before: EnabledModule | undefined
  readonly consented: EnabledModule | undefined
}

export async function prepareUpdate(
  host: UpdateHost,
  { module: { name }, source, force, dryRun, consent, say }: UpdateRequest,
  { fetched, next: place }: UpdatePlaces,
): Promise<PreparedUpdate> {
  const modules = await host.discover()
  const current = modules.find(({ manifest }) => manifest.name === name)
  if (!current) throw new ModuleSourceError(source, `there is no module "${name}" to update.`)
  say?.(`Fetching ${name} from ${hideLogins(source)}.`)
  renameSync(await fetchSource(source, host.root, fetched), place)
  rmSync(fetched, { recursive: true, force: true })
  const next = await readManifest(place, host.root, current.granted, name)
  const { manifest } = next
  if (!force) await checkHigher(current.manifest, manifest)
  const around = surroundings(host, modules)
  await checkRequirements(manifest, around)
  await checkDependents(manifest, around)
  const [fault] = await checkPackages([next], host.root)
  if (fault) throw fault.error
  const before = current.granted ? undefined : host.enabled.find(name)
  const known = current.granted ?? before?.permissions
  const added = known ? notGranted(manifest.permissions, known) : []
  if (current.granted && added.length > 0) throw new PermissionsListedError(name, added)
  const isAsked = added.length > 0 && !dryRun
  if (isAsked && !(await consent?.(manifest, added))) {
    throw new ConsentNeededError(name, added, consent !== undefined)
  }
  const { version: to, permissions } = manifest
  const consented = before && { permissions, version: to }
  const hasDatabase = [current, next].some(hasOwnDatabase)
  return { from: current.manifest.version, to, next, added, hasDatabase, before, consented }
}

export function surroundings({ enabled }: UpdateHost, modules: readonly FoundModule[]): Surroundings {
  const all = enabled.all()
  return { modules, isActive: ({ manifest, granted }) => granted !== undefined || all.has(manifest.name) }
}
