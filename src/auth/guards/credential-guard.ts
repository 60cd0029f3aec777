/** @module A guard that knows users by what their clients send. */
import type { Application } from '../../application/application.ts'
import type { ClientRequest } from '../../application/ports/client-request.ts'
import type { Guard } from '../../application/ports/guard.ts'

/** What `anyOf` chooses from; write one for credentials of another kind. */
export interface CredentialGuard extends Guard {
  /** How a client may say who it is, as the header WWW-Authenticate has it; undefined where it need not. */
  challenge(app: Application): string | undefined
  /** Whether the request carries credentials of this kind, good or bad. */
  isMeant(request: ClientRequest, app: Application): boolean | Promise<boolean>
}
