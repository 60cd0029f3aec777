/** @module The two steps of a provider, each with an error that names it. */
import type { Container } from '../container/container.ts'
import { ProviderError } from './errors.ts'
import { refusePromise } from './refuse-promise.ts'

/** What the application calls on a provider; `ServiceProvider` is the class to extend. */
export interface Provider {
  register(): void
  boot(): void | Promise<void>
}

/** @throws {ProviderError} */
export function registerProvider(container: Container, provider: Provider): void {
  const { name } = provider.constructor
  try {
    container.registering(name, () => refusePromise(provider.register()))
  } catch (error) {
    throw new ProviderError(name, 'register', error)
  }
}

/** @throws {ProviderError} */
export async function bootProvider(provider: Provider): Promise<void> {
  try {
    await provider.boot()
  } catch (error) {
    throw new ProviderError(provider.constructor.name, 'boot', error)
  }
}
