/** @module The policies of an application: loaded with the first question, found by the class of the thing. */
import type { Application } from '../../application/application.ts'
import type { Lazy } from '../../application/define-app.ts'
import type { ClassSource } from '../../application/ports/class-source.ts'
import type { CurrentUser } from '../../application/ports/current-user.ts'
import { type AbstractConstructor, isClass } from '../../support/class-of.ts'
import { suggest } from '../../support/suggest.ts'
import { PolicyAnswerError, PolicyNotFoundError, UnknownActionError } from './errors.ts'
import { actionsOf, loadPolicies } from './load-policies.ts'
import type { PolicyClass } from './policy.ts'

type Answer = (...args: readonly unknown[]) => unknown

export class Policies implements ClassSource {
  readonly name = 'policies'
  readonly #app: Application
  readonly #entries: readonly Lazy[]
  #loaded: Promise<ReadonlyMap<AbstractConstructor, PolicyClass>> | undefined

  constructor(app: Application, entries: readonly Lazy[]) {
    this.#app = app
    this.#entries = entries
  }

  /** @throws {PolicyFileError} */
  async classes(): Promise<readonly PolicyClass[]> {
    return [...(await this.#load()).values()]
  }

  /**
   * Says whether a user may do something. A question that nobody can answer is an error, never a yes.
   *
   * @param user undefined for a guest
   * @throws {PolicyFileError} @throws {PolicyNotFoundError} @throws {UnknownActionError} @throws {PolicyAnswerError}
   */
  async allows(user: CurrentUser | undefined, action: string, subject: object): Promise<boolean> {
    const type = await this.#policyFor(subject)
    const actions = actionsOf(type)
    if (!actions.includes(action))
      throw new UnknownActionError(type.name, action, actions, suggest(action, actions))
    if (!user && !type.guests?.includes(action)) return false
    const policy: object = this.#app.make(type)
    const first = user && (await ask(policy, 'before', [user, subject, action]))
    if (first !== undefined) return checked(type, 'before', first)
    return checked(type, action, await ask(policy, action, [user, subject]))
  }

  async #policyFor(subject: object): Promise<PolicyClass> {
    const policies = await this.#load()
    const start = classOf(subject)
    for (let type: unknown = start; isClass(type); type = Object.getPrototypeOf(type)) {
      const policy = policies.get(type)
      if (policy) return policy
    }
    throw new PolicyNotFoundError(
      start?.name || (subject ? 'an object without a class' : String(subject)),
      [...policies.keys()].map(({ name }) => name),
    )
  }

  /** A failure is not kept: the next one who asks tries again. */
  #load(): Promise<ReadonlyMap<AbstractConstructor, PolicyClass>> {
    this.#loaded ??= loadPolicies(this.#entries).catch((error: unknown) => {
      this.#loaded = undefined
      throw error
    })
    return this.#loaded
  }
}

/** The class of a thing, or the class itself: `store` is asked of Book, `update` of a book. */
function classOf(subject: object): AbstractConstructor | undefined {
  if (isClass(subject)) return subject
  // What was not found is null or undefined, whatever the types say.
  const type: unknown = Object(subject).constructor
  return isClass(type) ? type : undefined
}

/** Undefined where the policy has no such method, which only `before` may lack. */
function ask(policy: object, method: string, args: readonly unknown[]): unknown {
  const answer: unknown = Reflect.get(policy, method)
  // The actions were found on the class; "before" is optional.
  return typeof answer === 'function' ? (answer as Answer).call(policy, ...args) : undefined
}

function checked(type: PolicyClass, method: string, answer: unknown): boolean {
  if (typeof answer !== 'boolean') throw new PolicyAnswerError(type.name, method, answer)
  return answer
}
