/** @module A copy of an SQLite database before it is migrated: proven to be one, and the oldest removed. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { attemptAll } from '../../../errors/attempt-all.ts'
import type { Connection, RunSql } from '../../connections/connection.ts'
import { makeFolder } from '../../connections/make-folder.ts'
import { databaseFile } from './database-file.ts'
import { BackupFailedError } from './errors.ts'
import { LEDGER_TABLE } from './ledger.ts'

export interface BackupSettings {
  /** The folder that the copies name their databases from: two may have the same name in different folders. */
  readonly root: string
  readonly folder: string
  /** How many copies of a database are kept. */
  readonly keep: number
}

/** Whoever is killed while it copies leaves no file that looks like a copy. */
const UNPROVEN = '.unproven'

/**
 * Gives the path of the copy, or nothing when there is nothing to copy: another kind of database, or an empty one.
 *
 * @throws {BackupFailedError}
 */
export async function backUp(
  connection: Connection,
  run: RunSql,
  { root, folder, keep }: BackupSettings,
): Promise<string | undefined> {
  const source = connection.driver.dialect === 'sqlite' ? databaseFile(connection) : undefined
  if (source === undefined) return undefined
  const [any] = await run('select 1 from sqlite_master limit 1')
  if (!any) return undefined
  const name = nameOf(path.relative(root, source))
  const file = path.join(folder, `${name}-${stamp()}.sqlite`)
  try {
    makeFolder(folder)
    for (const left of filesOf(folder, name, UNPROVEN)) rmSync(left)
    await run('vacuum into ?', [file + UNPROVEN])
    await prove(connection, run, file + UNPROVEN)
    renameSync(file + UNPROVEN, file)
    // A clock that has gone back makes the newest look old.
    const others = filesOf(folder, name).filter((other) => other !== file)
    for (const old of others.toReversed().slice(Math.max(0, keep - 1))) rmSync(old)
  } catch (error) {
    // Where a disk is full, a part of a copy would keep the application from writing.
    const [left] = await attemptAll([() => rmSync(file + UNPROVEN, { force: true })])
    throw new BackupFailedError(
      folder,
      left === undefined ? error : new AggregateError([error, left], String(error)),
    )
  }
  return file
}

/** A copy that cannot be read, or has fewer migrations, is none. */
async function prove(connection: Connection, run: RunSql, file: string): Promise<void> {
  if (!existsSync(file)) throw new Error('the copy is not there.')
  await run('attach database ? as limber_backup', [file])
  try {
    const [check] = await run('pragma limber_backup.quick_check')
    if (check?.quick_check !== 'ok') throw new Error(`the copy is broken: ${check?.quick_check}`)
    if (!(await connection.hasTable(run, LEDGER_TABLE))) return
    const [count] = await run(
      `select (select count(*) from main.${LEDGER_TABLE}) as here, (select count(*) from limber_backup.${LEDGER_TABLE}) as there`,
    )
    if (count?.here !== count?.there)
      throw new Error(`the copy has ${count?.there} of ${count?.here} migrations.`)
  } finally {
    await run('detach database limber_backup')
  }
}

/** The copies of one database, oldest first. */
function filesOf(folder: string, name: string, ending = ''): string[] {
  return readdirSync(folder)
    .filter(
      (file) =>
        file.startsWith(`${name}-`) &&
        /^\d{8}T\d{9}Z\.sqlite$/.test(file.slice(name.length + 1, file.length - ending.length)) &&
        file.endsWith(ending),
    )
    .sort()
    .map((file) => path.join(folder, file))
}

/** The path without its ending, as one name. */
function nameOf(file: string): string {
  const { dir, name } = path.parse(file)
  const folders = dir.split(path.sep).map((folder) => (folder === '..' ? 'up' : folder.replaceAll(':', '')))
  return [...folders.filter((folder) => folder !== ''), name].join('-')
}

/** Of the moment, so that names sort like ages. */
function stamp(): string {
  return new Date().toISOString().replace(/[-:.]/g, '')
}
