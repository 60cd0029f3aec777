import { Model } from 'limber/database'
import { Collection, Entity, OneToMany, Property } from 'limber/database/mapping'
import { Book } from './book.ts'

@Entity()
export class Author extends Model {
  static override softDelete = true

  @Property({ length: 100 })
  name!: string

  @OneToMany(
    () => Book,
    (book) => book.author,
  )
  books = new Collection<Book>(this)
}
