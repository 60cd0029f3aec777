/** @module Keeps updates, their calls and the states of chats in tables of a connection. */
import type { Application } from '../../application/application.ts'
import type {
  StateKey,
  StoredCall,
  StoredState,
  UpdateKey,
  UpdateStore,
  WaitingCalls,
} from '../../application/ports/update-store.ts'
import type { Connection } from '../connections/connection.ts'
import { tableIn, updateTables } from './bot-tables.ts'
import { makeTables } from './make-tables.ts'
import { OutsideSql } from './outside-sql.ts'
import { StateRows } from './state-rows.ts'
import { UnitSql } from './unit-sql.ts'
import { UpdateRows } from './update-rows.ts'

export class DatabaseUpdateStore implements UpdateStore {
  readonly #app: Application
  readonly #connection: Connection
  readonly #updates: UpdateRows
  readonly #states: StateRows

  constructor(app: Application, connection: Connection) {
    this.#app = app
    this.#connection = connection
    const { schemaName } = connection
    const { dialect } = connection.driver
    const outside = new OutsideSql(connection)
    const unit = new UnitSql(app, connection.name)
    this.#updates = new UpdateRows(tableIn(dialect, schemaName, 'limber_bot_updates'), outside, unit)
    this.#states = new StateRows(tableIn(dialect, schemaName, 'limber_bot_states'), dialect, outside, unit)
  }

  prepare(): Promise<void> {
    const { driver, schemaName } = this.#connection
    return makeTables(this.#connection, updateTables(driver.dialect, schemaName), this.#app)
  }

  isHandled(key: UpdateKey): Promise<boolean> {
    return this.#updates.isHandled(key)
  }

  record(key: UpdateKey, calls: readonly StoredCall[], now: number, heldUntil: number): Promise<void> {
    return this.#updates.record(key, calls, now, heldUntil)
  }

  noteMade(key: UpdateKey, made: number): Promise<void> {
    return this.#updates.noteMade(key, made)
  }

  hold(key: UpdateKey, since: number, heldUntil: number): Promise<boolean> {
    return this.#updates.hold(key, since, heldUntil)
  }

  dropCalls(key: UpdateKey): Promise<void> {
    return this.#updates.dropCalls(key)
  }

  takeWaiting(bot: number, now: number, heldUntil: number, limit: number): Promise<readonly WaitingCalls[]> {
    return this.#updates.takeWaiting(bot, now, heldUntil, limit)
  }

  async prune(bot: number, before: number, now: number): Promise<void> {
    await this.#updates.prune(bot, before)
    await this.#states.prune(bot, now)
  }

  state(key: StateKey, now: number): Promise<StoredState | undefined> {
    return this.#states.get(key, now)
  }

  writeState(key: StateKey, state: StoredState | undefined): Promise<void> {
    return this.#states.write(key, state)
  }
}
