import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'

@Entity()
export class User extends Model {
  @Property()
  name!: string

  @Property({ unique: true })
  email!: string
}
