/** @module The package that makes and checks tokens: looked for at boot, loaded when the first token is met. */
import { loadFeature } from '../../support/load-feature.ts'

const FEATURE = '"jwt" in config/auth.ts'

/** @throws {PackageMissingError} */
export function loadJose(): Promise<typeof import('jose')> {
  return loadFeature('jose', FEATURE, () => import('jose'))
}

/**
 * Looks whether the package is there, without loading it.
 *
 * @throws {PackageMissingError}
 */
export async function findJose(): Promise<void> {
  await loadFeature('jose', FEATURE, async () => import.meta.resolve('jose'))
}
