import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'

@Entity()
export class Tick extends Model {
  @Property()
  second!: number
}
