/** @module Imports a package of which an application needs the ability that it has switched on. */
import { type ErrorKind, LimberError } from '../errors/limber-error.ts'
import { loadPackage } from './load-package.ts'

export class PackageMissingError extends LimberError {
  readonly code = 'LIMBER_PACKAGE_MISSING'
  readonly kind: ErrorKind = 'unavailable'

  /** @param feature what needs it: `cors` in config/http.ts */
  constructor(name: string, feature: string, cause: unknown) {
    super(`The package "${name}" is not installed; ${feature} needs it.`, {
      hint: `Run: npm install ${name}`,
      cause,
    })
  }
}

/** @throws {PackageMissingError} when the package is not installed */
export function loadFeature<T>(name: string, feature: string, load: () => Promise<T>): Promise<T> {
  return loadPackage(name, load, (cause) => new PackageMissingError(name, feature, cause))
}
