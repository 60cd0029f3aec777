/** @module Whether somebody has agreed to what a module asks for: in the configuration, or when it was enabled. */
import { ModuleConsentError } from './errors.ts'
import type { FoundModule, Manifest } from './manifest/manifest.ts'
import { notGranted } from './permissions/permission.ts'
import type { EnabledModules } from './state/enabled-modules.ts'

/** Asks whether a module may do what it asks for in addition. */
export type AskConsent = (manifest: Manifest, added: readonly string[]) => Promise<boolean>

export interface Consent {
  /** What was consented to; undefined where nobody was asked. */
  readonly granted: readonly string[] | undefined
  /** Why that is not enough. */
  readonly refusal: ModuleConsentError | undefined
}

export function consentTo(found: FoundModule, enabled: EnabledModules): Consent {
  const { name, permissions } = found.manifest
  const granted = found.granted ?? enabled.find(name)?.permissions
  const added = granted && notGranted(permissions, granted)
  if (!added?.length) return { granted, refusal: undefined }
  const place = found.placeOf('permissions', added[0])
  return { granted, refusal: new ModuleConsentError(name, place, added, found.granted !== undefined) }
}
