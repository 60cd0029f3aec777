import { Model } from 'limber/database'
import { Entity, ManyToOne, type Opt, Property, type Ref } from 'limber/database/mapping'
import { Author } from './author.ts'

const round: number = 0

@Entity()
export class Book extends Model {
  static override softDelete = true

  @Property()
  edition: number & Opt = round

  @ManyToOne(() => Author, { ref: true, deleteRule: 'cascade' })
  author!: Ref<Author>
}
