import { ModuleProvider } from 'limber/modules'
import { Item } from './models/item.ts'

export class DatabaseExample extends ModuleProvider {
  override async onDatabaseReady() {
    await this.db.sessionScope(async (session) => {
      if ((await session.count(Item)) > 0) return
      for (const info of ['test1', 'test2']) session.create(Item, { info })
    })
  }

  async items(): Promise<string[]> {
    const items = await this.db.sessionScope(() => Item.all())
    return items.map(({ id, info }) => `${id} - ${info}`)
  }
}

declare module 'limber/modules' {
  interface ModuleTypes {
    'database-example': DatabaseExample
  }
}
