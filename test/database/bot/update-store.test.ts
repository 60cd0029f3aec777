import { databases, openBot } from './bot-databases.ts'
import { describeUpdateStore } from './update-store-contract.ts'

for (const database of databases) {
  describeUpdateStore(`updates on ${database.title}`, async () => openBot(await database.create()))
}
