import path from 'node:path'
import { fromUrl } from 'limber/database'
import { sqlite } from 'limber/database/sqlite'
import { tempFolder } from '../support/library-application.ts'
import { describeDriver } from './contract.ts'

describeDriver({
  title: 'SQLite in a file',
  create: async () => sqlite({ file: path.join(tempFolder(), 'contract.sqlite') }),
})

