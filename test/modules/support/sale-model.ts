/** @module The `models.ts` of a module that keeps what was sold. */

export const SALE_MODEL = `
import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'
@Entity()
export class Sale extends Model {
  @Property() item!: string
}`
