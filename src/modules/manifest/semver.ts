/** @module Versions and their ranges: loaded with the first manifest. */
import { loadFeature } from '../../support/load-feature.ts'

export type Semver = typeof import('semver')

/** @throws {PackageMissingError} */
export async function loadSemver(): Promise<Semver> {
  const { default: semver } = await loadFeature('semver', 'module.yaml', () => import('semver'))
  return semver
}

/** Whether a text is a version as it is written: `1.3.0`, and not `v1.3.0` or `1.3`. */
export function isVersion(text: string, semver: Semver): boolean {
  return /^\d\S*$/.test(text) && semver.valid(text) !== null
}
