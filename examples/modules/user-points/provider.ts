import { type Session, UniqueViolationError } from 'limber/database'
import { raw } from 'limber/database/mapping'
import { ModuleProvider } from 'limber/modules'
import { UserProfile } from './models/user-profile.ts'

export class UserPoints extends ModuleProvider {
  override async onDatabaseReady() {
    const count = await this.db.sessionScope((session) => session.count(UserProfile))
    this.log.info(this.strings.text('found', { count }))
  }

  async getUserPoints(userId: number): Promise<number> {
    const profile = await this.db.sessionScope((session) => session.findOne(UserProfile, userId))
    return profile?.points ?? Number(this.config.start)
  }

  /** Adds to what the user has. A user who is not known yet gets a profile. */
  async addPoints(userId: number, points: number): Promise<void> {
    const add = (session: Session) => this.#add(session, userId, points)
    try {
      await this.db.sessionScope(add, { retry: 8 })
    } catch (error) {
      if (!(error instanceof UniqueViolationError)) throw error
      // Somebody else has added the first points of this user at the same moment.
      await this.db.sessionScope(add, { retry: 8 })
    }
  }

  async #add(session: Session, userId: number, points: number): Promise<void> {
    const added = raw('points + ?', [points])
    const changed = await session.nativeUpdate(UserProfile, { userId }, { points: added })
    if (changed > 0) return
    const displayName = this.strings.text('unnamed', { userId: String(userId) })
    session.create(UserProfile, { userId, displayName, points: Number(this.config.start) + points })
  }
}

declare module 'limber/modules' {
  interface ModuleTypes {
    'user-points': UserPoints
  }
}
