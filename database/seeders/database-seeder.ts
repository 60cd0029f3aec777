import { type Application, inject, injectable } from 'limber'
import { Hash } from 'limber/auth'
import { isTrashed, Seeder, type Seeding, type Session } from 'limber/database'
import { Author } from '../../app/models/author.ts'
import { Book } from '../../app/models/book.ts'
import { User } from '../../app/models/user.ts'

const ADA = { name: 'Ada', email: 'ada@example.com' }
const PASSWORD = 'frankenstein'

const SHELF: Readonly<Record<string, readonly string[]>> = {
  'Mary Shelley': ['Frankenstein', 'The Last Man'],
  'Jules Verne': ['Around the World in Eighty Days', 'The Mysterious Island'],
  'Charlotte Brontë': ['Jane Eyre'],
}

/** Running it again adds nothing, also when something was deleted meanwhile. */
@injectable()
export class DatabaseSeeder extends Seeder {
  constructor(@inject('app') private readonly app: Application) {
    super()
  }

  async run(session: Session, seeding: Seeding) {
    // Everybody can read this password here: in production nobody may log in with it.
    if (this.app.environment !== 'production') await this.addUser(session, seeding)
    for (const [name, titles] of Object.entries(SHELF)) {
      const author = (await session.findOne(Author, { name })) ?? session.create(Author, { name })
      for (const title of titles) {
        const known = author.id && (await session.count(Book, { title, author }, { withTrashed: true }))
        if (!known) session.create(Book, { title, author })
      }
    }
  }

  private async addUser(session: Session, seeding: Seeding) {
    const { email } = ADA
    const known = await session.findOne(User, { email }, { withTrashed: true })
    if (known && (known.passwordHash || isTrashed(known))) return
    const user = known ?? session.create(User, ADA)
    user.passwordHash = await new Hash().make(PASSWORD)
    seeding.say(`${email} logs in with the password "${PASSWORD}", as long as this is not production.`)
  }
}
