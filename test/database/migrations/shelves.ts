/** @module A model, and what it becomes. */
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'

@Entity({ tableName: 'shelf' })
export class Shelf extends Model {
  @Property()
  label!: string
}

@Entity({ tableName: 'shelf' })
export class ShelfWithRoom extends Model {
  @Property()
  label!: string

  @Property({ nullable: true })
  room?: string
}
