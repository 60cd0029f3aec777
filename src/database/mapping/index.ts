/** @module limber/database/mapping: what a model file needs. Importing it loads the ORM; only model files do. */
import { PrimaryKey } from '@mikro-orm/decorators/legacy'
import { Model } from '../model.ts'

export {
  Cascade,
  Collection,
  type EntityDTO,
  type Hidden,
  type Opt,
  OptionalProps,
  type Ref,
  type Rel,
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

// The base class stays free of decorators, so that configuration can import it without loading the ORM.
PrimaryKey({ type: 'integer' })(Model.prototype, 'id')
