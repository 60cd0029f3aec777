/** @module Copies of a database that a run of migrations starts from, each for one process that is killed. */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { tempFolder } from '../../support/library-application.ts'
import { administer, ownDatabase, type Server } from '../../support/servers.ts'
import { type DatabaseKind, type OwnDatabase, onServer, sqliteFile, urlOf } from './own-databases.ts'

export interface Original {
  /** Where the rows go that every copy has. */
  readonly url: string
  /** It is removed with the end of its block. */
  copy(): Promise<OwnDatabase & AsyncDisposable>
}

export function originalOf({ server }: DatabaseKind): Promise<Original> {
  return server ? originalOnServer(server) : originalFile()
}

async function originalFile(): Promise<Original> {
  const folder = tempFolder()
  const original = sqliteFile(path.join(folder, 'original.sqlite'))
  return {
    url: original.url,
    async copy() {
      const place = path.join(folder, randomBytes(4).toString('hex'))
      const file = `${place}.sqlite`
      await original.ask(`vacuum into '${file}'`)
      return { ...sqliteFile(file), [Symbol.asyncDispose]: async () => rmSync(file) }
    },
  }
}

/** Of PostgreSQL: it makes a database of another one that nobody is connected to. */
async function originalOnServer(server: Server): Promise<Original> {
  const original = await ownDatabase(server)
  return {
    url: urlOf(server, original),
    async copy() {
      const name = `${original}_${randomBytes(4).toString('hex')}`
      await administer(server, `create database ${name} template ${original}`)
      const database = await onServer(server, name)
      return {
        ...database,
        async [Symbol.asyncDispose]() {
          await database.close?.()
          await administer(server, `drop database ${name} with (force)`)
        },
      }
    },
  }
}
