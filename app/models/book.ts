import { Model } from 'limber/database'
import { Entity, ManyToOne, Property, type Ref } from 'limber/database/mapping'
import { Author } from './author.ts'

@Entity()
export class Book extends Model {
  static override softDelete = true

  @Property()
  title!: string

  @ManyToOne(() => Author, { ref: true })
  author!: Ref<Author>
}
