/** @module The services that live as long as their container. */
import { ContainerDisposedError } from './errors.ts'
import type { ServiceKey } from './services.ts'
import { Shelf } from './shelf.ts'

export class Singletons extends Shelf {
  protected override refusal(key: ServiceKey): ContainerDisposedError {
    return new ContainerDisposedError(key)
  }
}
