/** @module Reads the manifest of one folder. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Permission } from '../permissions/permission.ts'
import { type FoundModule, MANIFEST_FILE } from './manifest.ts'

export async function readManifest(
  folder: string,
  root: string,
  granted?: readonly string[],
): Promise<FoundModule> {
  const { parse } = await import('yaml')
  const file = path.join(folder, MANIFEST_FILE)
  const given: Record<string, unknown> = parse(readFileSync(file, 'utf8'))
  const manifest = {
    name: String(given.name),
    version: String(given.version ?? '1.0.0'),
    description: String(given.description ?? ''),
    author: String(given.author ?? ''),
    permissions: (given.permissions ?? []) as Permission[],
    autoLoad: given.autoLoad !== false,
    requires: (given.requires ?? {}) as Record<string, string>,
    packages: (given.packages ?? {}) as Record<string, string>,
    language: String(given.language ?? 'en'),
    config: (given.config ?? {}) as Record<string, unknown>,
  }
  return { manifest, folder, granted, placeOf: () => path.relative(root, file) }
}
