import { KeyedModel } from 'limber/database'
import { Entity, type Opt, PrimaryKey, PrimaryKeyProp, Property } from 'limber/database/mapping'

@Entity({ tableName: 'user_profiles' })
export class UserProfile extends KeyedModel {
  declare [PrimaryKeyProp]?: 'userId'

  /** Somebody else's: whoever adds points says whose they are. */
  @PrimaryKey({ type: 'integer', autoincrement: false })
  userId!: number

  @Property({ length: 100 })
  displayName!: string

  @Property()
  points: number & Opt = 0
}
