import { Model } from 'limber/database'
import { Entity, type Opt, Property } from 'limber/database/mapping'

const round: number = 0

@Entity()
export class Line extends Model {
  static override softDelete = true

  @Property()
  amount: number & Opt = round
}
