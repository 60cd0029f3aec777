import { KeyedModel } from 'limber/database'
import { Entity, type Opt, PrimaryKey, PrimaryKeyProp, Property, types } from 'limber/database/mapping'

@Entity({ tableName: 'user_profiles' })
export class UserProfile extends KeyedModel {
  declare [PrimaryKeyProp]?: 'userId'

  /** Somebody else's: whoever adds points says whose they are. In Telegram it has up to 52 bits, which a number holds. */
  @PrimaryKey({ type: new types.bigint('number'), autoincrement: false })
  userId!: number

  @Property({ length: 100 })
  displayName!: string

  @Property()
  points: number & Opt = 0
}
