/** @module Imports the package of a driver, which an application installs when it uses that database. */
import { DriverPackageMissingError } from '../connections/driver-errors.ts'

/** @throws {DriverPackageMissingError} when the package is not installed */
export async function loadPackage<T>(name: string, version: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    // Only this package: one that it needs in turn, or a fault inside, is told as it is.
    const isMissing =
      error instanceof Error &&
      Reflect.get(error, 'code') === 'ERR_MODULE_NOT_FOUND' &&
      error.message.includes(`'${name}'`)
    throw isMissing ? new DriverPackageMissingError(name, version, error) : error
  }
}
