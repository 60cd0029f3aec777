/** @module The roles there are, and who has them by the configuration. */
import type { BotConfig } from '../bot-config.ts'
import { FixedRoleError, UnknownRoleError } from './errors.ts'

/** What a role name looks like. */
export const ROLE_NAME = /^[A-Za-z][\w-]{0,31}$/

export const BUILT_IN_ROLES: readonly string[] = ['owner', 'chat_owner', 'chat_admins', 'all']

export class Roles {
  readonly #owners: ReadonlySet<number>
  readonly #own: ReadonlyMap<string, ReadonlySet<number>>

  constructor({ owners = [], roles = {} }: Pick<BotConfig, 'owners' | 'roles'>) {
    this.#owners = new Set(owners)
    this.#own = new Map(Object.entries(roles).map(([name, users]) => [name, new Set(users)]))
  }

  get names(): readonly string[] {
    return [...BUILT_IN_ROLES, ...this.#own.keys()]
  }

  get owners(): readonly number[] {
    return [...this.#owners]
  }

  /** The application's own roles, with those who have them by the configuration. */
  get own(): ReadonlyMap<string, ReadonlySet<number>> {
    return this.#own
  }

  has(role: string): boolean {
    return BUILT_IN_ROLES.includes(role) || this.#own.has(role)
  }

  isOwner(user: number): boolean {
    return this.#owners.has(user)
  }

  /** @param place what names them: `allowedFor of Ban` @throws {UnknownRoleError} */
  check(roles: readonly string[], place: string): void {
    const unknown = roles.find((role) => !this.has(role))
    if (unknown !== undefined) throw new UnknownRoleError(unknown, place, this.names)
  }

  /** @throws {UnknownRoleError} @throws {FixedRoleError} for a role that is not the application's own */
  checkAssignable(role: string): void {
    this.check([role], 'a role for a user')
    if (!this.#own.has(role)) throw new FixedRoleError(role)
  }
}
