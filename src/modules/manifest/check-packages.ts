/** @module Checks that the packages of a module are there. */
import type { FoundModule } from './manifest.ts'

export async function checkPackages(_found: FoundModule): Promise<void> {
  await Promise.resolve()
}
