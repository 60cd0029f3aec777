/** @module The copies of a module that updates make: its code and its database, the last three of them. */
import { cpSync, existsSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import path from 'node:path'
import { dumpDatabase } from '../../database/dumps/dump.ts'
import type { DatabaseDump, DumpTarget } from '../../database/dumps/dump-target.ts'
import { makeFolderDurably, syncTree, writeDurably } from '../../support/durable-file.ts'

const KEEP = 3
/** Written last: a copy without it was never finished. */
const WHOLE = 'backup.json'

/** Of the moment, so that names sort like ages. */
export function backupName(version: string): string {
  return `${version}-${new Date().toISOString().replace(/[-:.]/g, '')}`
}

/** Copies the code, and the database where there is one. */
export async function backUpModule(
  folder: string,
  database: DumpTarget | undefined,
  backup: string,
): Promise<DatabaseDump | undefined> {
  makeFolderDurably(backup, 0o700)
  cpSync(realpathSync(folder), path.join(backup, 'code'), { recursive: true, verbatimSymlinks: true })
  const dump = database && (await dumpDatabase(database, backup))
  syncTree(backup)
  const facts = { folder, label: database?.driver.label, dump }
  writeDurably(path.join(backup, WHOLE), `${JSON.stringify(facts, null, 2)}\n`)
  return dump
}

/** Removes what was never finished, and the oldest but three. */
export function pruneBackups(folder: string): void {
  if (!existsSync(folder)) return
  const names = readdirSync(folder)
  const isWhole = (name: string) => existsSync(path.join(folder, name, WHOLE))
  const stampOf = (name: string) => name.slice(name.lastIndexOf('-') + 1)
  const whole = names.filter(isWhole).sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1))
  const old = [...names.filter((name) => !isWhole(name)), ...whole.slice(0, -KEEP)]
  for (const name of old) rmSync(path.join(folder, name), { recursive: true, force: true })
}
