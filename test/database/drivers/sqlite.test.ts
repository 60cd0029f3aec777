import path from 'node:path'
import { fromUrl } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { tempFolder } from '../support/library-application.ts'
import { describeDriver } from './contract.ts'

describeDriver({
  title: 'SQLite in a file',
  largest: BigInt(Number.MAX_SAFE_INTEGER),
  create: async () => sqlite({ file: path.join(tempFolder(), 'contract.sqlite') }),
})

describeDriver({
  title: 'SQLite in memory',
  largest: BigInt(Number.MAX_SAFE_INTEGER),
  create: async () => fromUrl('sqlite::memory:'),
})
