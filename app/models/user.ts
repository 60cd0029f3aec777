import { Model } from 'limber/database'
import { Entity, Property } from 'limber/database/mapping'

@Entity()
export class User extends Model {
  static override softDelete = true

  @Property()
  name!: string

  /** In small letters, as people log in with it. */
  @Property({ unique: true })
  email!: string

  /** Of `hash.make(password)`. Without one nobody logs in by password. */
  @Property({ type: 'string', hidden: true, nullable: true })
  passwordHash?: string | null
}

declare module 'limber' {
  interface AuthTypes {
    user: User
  }
}
