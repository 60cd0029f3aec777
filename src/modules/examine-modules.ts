/** @module What `limber doctor` says of modules. */
import { throwAll } from '../errors/attempt-all.ts'
import type { ModuleInfo } from './module-info.ts'

/** Counts modules by their state. @throws why those have failed that have */
export function examineModules(modules: readonly ModuleInfo[]): string {
  const failed = modules.filter(({ state }) => state === 'failed')
  throwAll(
    failed.map(({ name, reason }) => reason ?? new Error(`Module "${name}" has failed.`)),
    `${failed.length} modules have failed.`,
  )
  const states = [...new Set(modules.map(({ state }) => state))]
  const countOf = (state: string) => modules.filter((module) => module.state === state).length
  return states.map((state) => `${countOf(state)} ${state}`).join(', ') || 'none'
}
