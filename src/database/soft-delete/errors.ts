/** @module What can go wrong with models that are soft-deleted: their definition, and writing under the key of a trashed row. */
import { type ErrorKind, LimberError } from '../../errors/limber-error.ts'

export class SoftDeleteStampError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_STAMP'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string, property: string, reason: string, column: string) {
    super(`${model}.${property} cannot tell when a row was trashed: ${reason}.`, {
      hint: `Declare it as @Property({ ${column} }), or leave it out: then the column is added.`,
    })
  }
}

export class SoftDeleteCascadeError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_CASCADE'
  readonly kind: ErrorKind = 'invalid'

  /** @param property the relation that cascades, with its model */
  constructor(parent: string, child: string, property: string, rule: string) {
    super(
      `${parent} is soft-deleted and ${child} is not, but ${rule} of ${property} deletes it for good with its ${parent}.`,
      { hint: `Set static softDelete = true on ${child}, or take ${rule} off ${property}.` },
    )
  }
}

export class HardDeleteCascadeError extends LimberError {
  readonly code = 'LIMBER_HARD_DELETE_CASCADE'
  readonly kind: ErrorKind = 'invalid'

  /** @param property the relation whose foreign key cascades, with its model */
  constructor(parent: string, child: string, property: string) {
    super(
      `${child} is soft-deleted and ${parent} is not, but deleteRule: 'cascade' of ${property} lets the database delete it for good with its ${parent}.`,
      { hint: `Set static softDelete = true on ${parent}, or take deleteRule: 'cascade' off ${property}.` },
    )
  }
}

export class SoftDeleteSharedError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_SHARED'
  readonly kind: ErrorKind = 'invalid'

  /** @param property the many-to-many, with its model */
  constructor(property: string, target: string, rule: string) {
    super(
      `${rule} of ${property} trashes each ${target} that is loaded, though others may share it, and no restore would know which.`,
      { hint: `Take ${rule} off ${property}, and remove what nobody shares yourself.` },
    )
  }
}

export class SoftDeletePolymorphicError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_POLYMORPHIC'
  readonly kind: ErrorKind = 'invalid'

  /** @param property the relation, with its model */
  constructor(property: string, target: string) {
    super(
      `${property} may refer to rows of several models, and those of ${target} are soft-deleted: it would show them in the trash.`,
      { hint: 'Give each model a relation of its own, or take static softDelete off them.' },
    )
  }
}

export class SoftDeletePivotError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_PIVOT'
  readonly kind: ErrorKind = 'invalid'

  /** @param property the many-to-many, with its model */
  constructor(property: string, pivot: string) {
    super(
      `${property} has its links in ${pivot}, which is soft-deleted, but a link that is taken away is deleted for good, and one in the trash still counts.`,
      {
        hint: `Take static softDelete off ${pivot}, or make ${property} a one-to-many of ${pivot} instead of a many-to-many.`,
      },
    )
  }
}

export class SoftDeleteUniqueError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_UNIQUE'
  readonly kind: ErrorKind = 'invalid'

  constructor(model: string, properties: readonly string[], reason: string, fix: string) {
    super(
      `${properties.map((name) => `${model}.${name}`).join(', ')} cannot be unique among live rows: ${reason}.`,
      {
        hint: fix,
      },
    )
  }
}

export class TrashedKeyError extends LimberError {
  readonly code = 'LIMBER_TRASHED_KEY'
  readonly kind: ErrorKind = 'conflict'

  constructor(model: string, key: Readonly<Record<string, unknown>>) {
    const text = Object.entries(key).map(([name, value]) => `${name} ${String(value)}`)
    super(`The ${model} with ${text.join(', ')} is in the trash, and an upsert meets live rows only.`, {
      hint: 'Restore it first, delete it for good by force, or write under another key.',
      publicMessage: 'The key belongs to something that was deleted.',
    })
  }
}

export class SoftDeleteSizeError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_SIZE'
  readonly kind: ErrorKind = 'internal'

  constructor(relation: string, model: string) {
    super(`$size of "${relation}" would count rows of ${model} that are in the trash.`, {
      hint: 'Use $some, $none or $every, count the rows with loadCount(), or say withTrashed: true.',
    })
  }
}

export class SoftDeleteCacheError extends LimberError {
  readonly code = 'LIMBER_SOFT_DELETE_CACHE'
  readonly kind: ErrorKind = 'internal'

  constructor(model: string) {
    super(`A cached result of ${model} would go on to show rows that have been deleted since.`, {
      hint: 'Leave out the option cache, or say withTrashed: true as well.',
    })
  }
}
