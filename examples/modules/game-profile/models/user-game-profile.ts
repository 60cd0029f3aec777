import { KeyedModel } from 'limber/database'
import { Entity, type Opt, PrimaryKey, Property } from 'limber/database/mapping'

@Entity({ tableName: 'user_game_profiles' })
export class UserGameProfile extends KeyedModel {
  /** The number of the user in Telegram, which has up to 52 bits. */
  @PrimaryKey({ type: 'bigint', autoincrement: false })
  id!: string

  @Property({ length: 100 })
  playerTitle: string & Opt = 'turtle egg'

  @Property()
  money: number & Opt = 0

  @Property()
  level: number & Opt = 0

  @Property()
  attack: number & Opt = 10

  @Property()
  defense: number & Opt = 20
}
