/** @module An application around an update that a test decides about: which module is loaded, and where its database is. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Application } from 'limber'
import type { Driver } from 'limber/database'
import { ApplicationHost, type UpdateHost } from '../internals.ts'

export interface TestHost extends UpdateHost {
  /** What was called, in order. */
  readonly calls: string[]
}

interface Choices {
  readonly driver?: Driver
  readonly loaded?: readonly string[]
  readonly load?: (name: string) => Promise<void>
  /** Given the file of each migration that is newer than the first. */
  readonly migrate?: (exports: object) => Promise<void>
}

export function testHost(root: string, { driver, loaded = [], load, migrate }: Choices = {}): TestHost {
  const config = { app: { name: 'shops', providers: [], modules: ['modules/*'] } }
  const host = new ApplicationHost(new Application({ root, config }))
  const calls: string[] = []
  const running = new Set(loaded)
  return {
    root,
    storage: host.storage,
    calls,
    enabled: host.enabled,
    discover: () => host.discover(),
    isLoaded: (name) => running.has(name),
    async load(name) {
      calls.push(`load ${name}`)
      await load?.(name)
      running.add(name)
    },
    async unload(name) {
      calls.push(`unload ${name}`)
      running.delete(name)
    },
    driverOf: async () => driver,
    async migrate({ folder }) {
      calls.push('migrate')
      const files = readdirSync(path.join(folder, 'migrations')).sort().slice(1)
      for (const file of files)
        await migrate?.(await import(pathToFileURL(path.join(folder, 'migrations', file)).href))
      return files.map((file) => path.basename(file, '.ts'))
    },
  }
}
