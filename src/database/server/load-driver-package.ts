/** @module Imports the package of a driver, which an application installs when it uses that database. */
import { loadPackage } from '../../support/load-package.ts'
import { DriverPackageMissingError } from '../connections/driver-errors.ts'

/** @throws {DriverPackageMissingError} when the package is not installed */
export function loadDriverPackage<T>(name: string, version: string, load: () => Promise<T>): Promise<T> {
  return loadPackage(name, load, (cause) => new DriverPackageMissingError(name, version, cause))
}
