import { Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { User } from './user.ts'

/** The row of a key that was taken back stays, so that its name can still be looked up. */
@Entity()
export class ApiKey extends Model {
  static override softDelete = true

  /** For people: where the key is used. */
  @Property()
  name!: string

  /** The part of the key by which it is found. */
  @Property({ unique: true })
  prefix!: string

  @Property({ hidden: true })
  digest!: string

  /** What it is good for; `*` is everything. */
  @Property({ type: 'json' })
  abilities: string[] = []

  @Property({ type: 'datetime', nullable: true })
  expiresAt?: Date | null

  @ManyToOne(() => User, { ref: true })
  user!: Ref<User>
}
