/** @module limber/database/mapping: what a model file needs. Importing it loads the ORM; only model files do. */
import '../models/model-key.ts'

export {
  Cascade,
  Collection,
  type EntityDTO,
  type Hidden,
  type Opt,
  OptionalProps,
  PrimaryKeyProp,
  type Ref,
  type Rel,
  raw,
  ref,
  Type,
  t as types,
} from '@mikro-orm/core'
export {
  AfterCreate,
  AfterDelete,
  AfterUpdate,
  BeforeCreate,
  BeforeDelete,
  BeforeUpdate,
  Check,
  Embeddable,
  Embedded,
  Entity,
  Enum,
  Filter,
  Formula,
  Index,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  OnInit,
  OnLoad,
  PrimaryKey,
  Property,
  Unique,
} from '@mikro-orm/decorators/legacy'
export type { TrashCover } from '../soft-delete/trash-cover.ts'
