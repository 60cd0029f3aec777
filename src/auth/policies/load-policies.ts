/** @module Loads the policies that the configuration lists. */
import type { Lazy } from '../../application/define-app.ts'
import { type AbstractConstructor, isClass } from '../../support/class-of.ts'
import { messageOf } from '../../support/message-of.ts'
import { suggest } from '../../support/suggest.ts'
import { PolicyFileError } from './errors.ts'
import type { PolicyClass } from './policy.ts'

/** Gives the policies by their models. @throws {PolicyFileError} */
export async function loadPolicies(
  entries: readonly Lazy[],
): Promise<ReadonlyMap<AbstractConstructor, PolicyClass>> {
  const policies = new Map<AbstractConstructor, PolicyClass>()
  for (const policy of (await Promise.all(entries.map(policiesOf))).flat()) {
    const other = policies.get(policy.model)
    if (other && other !== policy) {
      throw new PolicyFileError(policy.name, `${other.name} is about ${policy.model.name} already.`)
    }
    policies.set(policy.model, policy)
  }
  return policies
}

/** The methods of a policy, also those it inherits. */
export function actionsOf(type: PolicyClass): string[] {
  const names = new Set<string>()
  for (let part = type.prototype; part && part !== Object.prototype; part = Object.getPrototypeOf(part)) {
    for (const name of Object.getOwnPropertyNames(part)) {
      const value = Object.getOwnPropertyDescriptor(part, name)?.value
      if (typeof value === 'function' && name !== 'constructor' && name !== 'before') names.add(name)
    }
  }
  return [...names]
}

async function policiesOf(entry: Lazy): Promise<PolicyClass[]> {
  const label = isClass(entry) ? entry.name : String(entry)
  // What is no class is a function that imports one.
  const exported = isClass(entry)
    ? [entry]
    : Object.values(await importFile(entry as () => Promise<object>, label))
  const policies = exported.filter(isPolicy)
  if (policies.length === 0) throw new PolicyFileError(label, 'no class of it says which model it is for.')
  for (const policy of policies) refuseUnknownGuests(policy)
  return policies
}

function isPolicy(value: unknown): value is PolicyClass {
  return isClass(value) && isClass(Reflect.get(value, 'model'))
}

function refuseUnknownGuests(policy: PolicyClass): void {
  const actions = actionsOf(policy)
  const unknown = policy.guests?.find((action) => !actions.includes(action))
  if (unknown === undefined) return
  const near = suggest(unknown, actions)
  const meant = near === undefined ? '' : ` Did you mean "${near}"?`
  throw new PolicyFileError(policy.name, `"guests" names "${unknown}", which is no action of it.${meant}`)
}

async function importFile(load: () => Promise<object>, label: string): Promise<object> {
  try {
    return await load()
  } catch (error) {
    throw new PolicyFileError(label, messageOf(error), error)
  }
}
