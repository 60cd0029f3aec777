/** @module Tells of one module. */
import path from 'node:path'
import { binderOf } from './binder.ts'
import type { ModuleEntry } from './catalog.ts'
import type { ModuleRoom } from './life/module-room.ts'
import type { ModuleInfo } from './module-info.ts'

export function describeModule({ app, connections }: ModuleRoom, entry: ModuleEntry): ModuleInfo {
  const { name, state, granted, reason } = entry
  const manifest = (entry.life?.found ?? entry.found)?.manifest
  const bound = app.list().filter(({ boundBy }) => boundBy === binderOf(name))
  return {
    name,
    version: manifest?.version ?? '',
    description: manifest?.description ?? '',
    author: manifest?.author ?? '',
    folder: path.relative(app.root, entry.folder),
    state,
    permissions: manifest?.permissions ?? [],
    granted,
    reason,
    database: connections.labelOf(name),
    bindings: bound.map(({ key }) => (typeof key === 'string' ? key : key.name)),
  }
}
