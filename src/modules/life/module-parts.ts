/** @module The parts of a module that others take: its routes, its handlers. */
import type { Application } from '../../application/application.ts'
import type { ModulePart, PartOwner } from '../../application/ports/module-part.ts'
import { connectionNameOf } from '../../database/modules/connection-name.ts'
import { ModulePartError } from '../errors.ts'
import type { FoundModule } from '../manifest/manifest.ts'
import type { ModuleDraft } from '../module-extension.ts'
import type { ModuleRoom } from './module-room.ts'

/** Who would take a part, for messages: any other name is a file like any other. */
export const KNOWN_PARTS: Readonly<Record<string, string>> = {
  routes: 'HttpServiceProvider of limber/http',
  handlers: 'BotServiceProvider of limber/bot',
}

/** Adds the parts that stand in the provider itself. */
export function addStandingParts(app: Application, { provider, parts }: ModuleDraft): void {
  for (const part of app.tagged('module part')) {
    if (!parts.has(part.name) && part.standsIn?.(provider)) parts.set(part.name, [])
  }
}

/**
 * Refuses parts that nobody takes, or that the module may not have.
 *
 * @throws {ModulePartError}
 */
export function checkParts(
  app: Application,
  { manifest, placeOf }: FoundModule,
  { parts }: ModuleDraft,
): void {
  for (const [name, [file]] of parts) {
    const place = file?.path ?? name
    const part = partNamed(app, name)
    if (!part) {
      const provider = KNOWN_PARTS[name] ?? 'the provider that does'
      const hint = `List ${provider} in config/app.ts, or remove the file.`
      throw new ModulePartError(manifest.name, place, `nobody takes ${name} of modules.`, hint)
    }
    if (!manifest.permissions.some((permission) => permission === part.permission)) {
      const hint = `Add ${part.permission} to permissions in its module.yaml, and enable it again.`
      const reason = `it needs the permission ${part.permission} (${placeOf('permissions')}).`
      throw new ModulePartError(manifest.name, place, reason, hint)
    }
  }
}

export function partNamed(app: Application, name: string): ModulePart | undefined {
  return app.tagged('module part').find((part) => part.name === name)
}

/** What those who take a part are told of its module. */
export function ownerOf(
  { connections }: ModuleRoom,
  found: FoundModule,
  { provider }: ModuleDraft,
): PartOwner {
  const { name } = found.manifest
  const connection = connections.isOpen(name) ? connectionNameOf(name) : undefined
  return { name, folder: found.folder, provider, strings: provider.strings, connection }
}
