import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'

@Entity()
export class Item extends Model {
  static override softDelete = true

  @Property()
  info!: string
}
