/** @module Holds the lock of a module, as another process would. */
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { openRaw } from '../../database/support/library-application.ts'

/** Until the test ends. */
export function holdLock(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const raw = openRaw(file)
  raw.exec('pragma journal_mode = wal')
  raw.exec('create table holder (id integer primary key, token text not null, name text not null)')
  raw.exec(`insert into holder values (1, 'other', 'process ${process.pid}')`)
  raw.exec('begin immediate')
}
