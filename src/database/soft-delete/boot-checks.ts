/** @module Finds models that would lose rows of the trash for good, when they are loaded rather than when it happens. */
import type { EntityMetadata, EntityProperty, MetadataStorage } from '@mikro-orm/core'
import { ReferenceKind } from '@mikro-orm/core'
import type { Dialect } from '../connections/driver.ts'
import {
  HardDeleteCascadeError,
  SoftDeleteCascadeError,
  SoftDeletePivotError,
  SoftDeletePolymorphicError,
  SoftDeleteSharedError,
} from './errors.ts'
import { isForeignKey } from './followers.ts'
import { checkUniqueKeys } from './live-unique-checks.ts'
import { removalRule } from './removed-with.ts'
import { isSoftModel } from './soft-models.ts'
import { checkStamp } from './stamp-column.ts'

/**
 * Checks the models of a connection; called when the ORM has completed what it knows of them.
 *
 * @throws {SoftDeleteStampError} @throws {SoftDeleteUniqueError}
 * @throws {SoftDeleteCascadeError} @throws {HardDeleteCascadeError} @throws {SoftDeletePolymorphicError}
 * @throws {SoftDeletePivotError} @throws {SoftDeleteSharedError}
 */
export function checkSoftModels(models: MetadataStorage, dialect: Dialect): void {
  for (const meta of models) {
    for (const relation of meta.relations) {
      refuseSoftAlternative(meta, relation)
      refuseSoftPivot(meta, relation, models)
    }
  }
  const soft = [...models].filter(isSoftModel)
  for (const meta of soft) {
    checkStamp(meta, dialect)
    for (const relation of meta.relations) {
      refuseCascadeToHard(meta, relation)
      refuseCascadeToShared(meta, relation)
      refuseCascadeFromHard(meta, relation)
    }
  }
  checkUniqueKeys(soft, [...models])
}

/** It has no foreign key, and no one table to ask whether what it refers to is in the trash. */
function refuseSoftAlternative(meta: EntityMetadata, relation: EntityProperty): void {
  if (!relation.polymorphic) return
  const soft = targetsOf(relation).find(isSoftModel)
  if (soft) throw new SoftDeletePolymorphicError(nameOf(meta, relation), soft.className)
}

/** The ORM writes and reads links by their table, and knows of no model there. */
function refuseSoftPivot(meta: EntityMetadata, relation: EntityProperty, models: MetadataStorage): void {
  if (relation.kind !== ReferenceKind.MANY_TO_MANY || !relation.pivotEntity) return
  const pivot = models.find(relation.pivotEntity)
  if (pivot && isSoftModel(pivot)) throw new SoftDeletePivotError(nameOf(meta, relation), pivot.className)
}

/** The ORM would delete the rows of the other model when a row of this one goes to the trash. */
function refuseCascadeToHard(meta: EntityMetadata, relation: EntityProperty): void {
  const rule = removalRule(relation)
  const hard = targetsOf(relation).find((target) => !isSoftModel(target))
  if (rule && hard)
    throw new SoftDeleteCascadeError(meta.className, hard.className, nameOf(meta, relation), rule)
}

/** What many share does not go with one of them, and links do not tell what has gone with whom. */
function refuseCascadeToShared(meta: EntityMetadata, relation: EntityProperty): void {
  const rule = relation.kind === ReferenceKind.MANY_TO_MANY && removalRule(relation)
  if (rule)
    throw new SoftDeleteSharedError(nameOf(meta, relation), relation.targetMeta?.className ?? '', rule)
}

/** The database would delete the rows of this model, those in the trash as well, with a row of the other one. */
function refuseCascadeFromHard(meta: EntityMetadata, relation: EntityProperty): void {
  if (!isForeignKey(relation) || relation.deleteRule !== 'cascade') return
  const hard = targetsOf(relation).find((target) => !isSoftModel(target))
  if (hard) throw new HardDeleteCascadeError(hard.className, meta.className, nameOf(meta, relation))
}

function targetsOf({ targetMeta, polymorphTargets }: EntityProperty): EntityMetadata[] {
  return polymorphTargets ?? (targetMeta ? [targetMeta] : [])
}

function nameOf({ className }: EntityMetadata, { name }: EntityProperty): string {
  return `${className}.${name}`
}
