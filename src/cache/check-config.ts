/** @module What the `cache` section of the configuration says that cannot be. */
import type { Fault } from '../errors/limber-error.ts'
import { suggest } from '../support/suggest.ts'
import type { CacheConfig } from './cache-config.ts'
import { InvalidCacheConfigError } from './errors.ts'

/** Without colons, so that no prefix goes on as a key does; and not too long for any server. */
const PREFIX = /^[\w.-]{1,50}$/

/** @throws {InvalidCacheConfigError} with every fault */
export function checkConfig(config: CacheConfig): void {
  const faults = [...faultsOfNames(config), ...faultsOfValues(config)]
  if (faults.length > 0) throw new InvalidCacheConfigError(faults)
}

function faultsOfNames(config: CacheConfig): Fault[] {
  const names = Object.keys(config.stores)
  if (names.length === 0) return [{ path: 'stores', message: 'there is none. Add one: main: memoryStore().' }]
  const faults = (['default', 'locks', 'limits'] as const).flatMap((path) => {
    const name = config[path]
    if (name === undefined || Object.hasOwn(config.stores, name)) return []
    const near = suggest(name, names)
    const hint = near === undefined ? `There is ${names.join(', ')}.` : `Did you mean "${near}"?`
    return [{ path, message: `there is no store "${name}". ${hint}` }]
  })
  if (config.default !== undefined || names.length === 1) return faults
  const message = `it is missing, and there are ${names.length} stores: ${names.join(', ')}.`
  return [...faults, { path: 'default', message }]
}

function faultsOfValues({ ttl, prefix }: CacheConfig): Fault[] {
  const faults: Fault[] = []
  if (ttl !== undefined && !(ttl > 0)) {
    faults.push({ path: 'ttl', message: `${ttl} is no time above zero. Give milliseconds, or leave it out.` })
  }
  if (prefix !== undefined && !PREFIX.test(prefix)) {
    const message = `"${prefix}" is not 1 to 50 letters, digits, dots, hyphens and underscores.`
    faults.push({ path: 'prefix', message })
  }
  return faults
}
