import { Seeder, type Session } from 'limber/database'
import { Author } from '../../app/models/author.ts'
import { Book } from '../../app/models/book.ts'
import { User } from '../../app/models/user.ts'

const ADA = { name: 'Ada', email: 'ada@example.com' }

const SHELF: Readonly<Record<string, readonly string[]>> = {
  'Mary Shelley': ['Frankenstein', 'The Last Man'],
  'Jules Verne': ['Around the World in Eighty Days', 'The Mysterious Island'],
  'Charlotte Brontë': ['Jane Eyre'],
}

/** Running it again adds nothing, also when books were deleted meanwhile. */
export class DatabaseSeeder extends Seeder {
  async run(session: Session) {
    if ((await session.count(User, ADA)) === 0) session.create(User, ADA)
    for (const [name, titles] of Object.entries(SHELF)) {
      const author = (await session.findOne(Author, { name })) ?? session.create(Author, { name })
      for (const title of titles) {
        const known = author.id && (await session.count(Book, { title, author }, { withTrashed: true }))
        if (!known) session.create(Book, { title, author })
      }
    }
  }
}
