/** @module Finds tables that are made anew with the rows they had: their old form is dropped, and that is no loss. */

import type { TableName } from '../sql/token-reader.ts'
import type { Action, ColumnDefinition, Copy } from './reading/actions.ts'

/** A table that is copied into another one, which then takes its name. */
export interface Rebuild {
  readonly copy: Copy
  readonly columns: readonly ColumnDefinition[]
  /** What it is called before and after. */
  readonly name: string
  /** What the new one is called when the old one is dropped. */
  readonly target: TableName
}

interface Place {
  /** Where it was before the migration; undefined for a table that the migration makes. */
  readonly origin: string | undefined
  readonly columns: readonly ColumnDefinition[]
  name: TableName
  copy?: Copy
  /** What the rows come from. */
  source?: Place
  renamings: Action[]
  drop?: Action
  /** What its copies were called when it was dropped. */
  targets: Map<Place, TableName>
}

export class Rebuilds {
  readonly #keyOf: (name: TableName) => string
  readonly #places = new Map<string, Place>()
  readonly #all: Place[] = []
  readonly #rebuilds = new Map<Action, Rebuild>()
  readonly #renamings = new Set<Action>()

  /** @param actions of a whole migration: only its end tells what a drop was for */
  constructor(actions: readonly Action[], keyOf: (name: TableName) => string) {
    this.#keyOf = keyOf
    for (const action of actions) this.#follow(action)
    for (const place of this.#all) this.#conclude(place)
  }

  /** The rebuild that an action drops the old table of. */
  of(drop: Action): Rebuild | undefined {
    return this.#rebuilds.get(drop)
  }

  /** Whether a table is only renamed to make room for its new form, or the new form to take its place. */
  isStep(renaming: Action): boolean {
    return this.#renamings.has(renaming)
  }

  #follow(action: Action): void {
    if (action.does === 'create table') {
      const place = this.#add(action.table, undefined, action.columns)
      if (action.copy) this.#copy(place, action.copy)
    } else if (action.does === 'copy') this.#copy(this.#at(action.table), action.copy)
    else if (action.does === 'rename table') {
      const place = this.#at(action.table)
      place.renamings.push(action)
      this.#places.delete(this.#keyOf(action.table))
      this.#places.set(this.#keyOf(action.to), place)
      place.name = action.to
    } else if (action.does === 'drop table') {
      const place = this.#at(action.table)
      place.drop = action
      this.#places.delete(this.#keyOf(action.table))
      for (const copy of this.#all.filter(({ source }) => source === place))
        place.targets.set(copy, copy.name)
    }
  }

  #copy(place: Place, copy: Copy): void {
    if (!copy.isWhole || place.origin !== undefined) return
    place.copy = copy
    place.source = this.#at(copy.source)
  }

  #at(name: TableName): Place {
    const key = this.#keyOf(name)
    return this.#places.get(key) ?? this.#add(name, key, [])
  }

  #add(name: TableName, origin: string | undefined, columns: readonly ColumnDefinition[]): Place {
    const place: Place = { origin, columns, name, renamings: [], targets: new Map() }
    this.#places.set(this.#keyOf(name), place)
    this.#all.push(place)
    return place
  }

  #conclude(place: Place): void {
    const { copy, source, columns, name, renamings, drop } = place
    if (!copy || !source?.drop || drop || source.origin !== this.#keyOf(name)) return
    const target = source.targets.get(place) ?? name
    this.#rebuilds.set(source.drop, { copy, columns, target, name: name.name })
    for (const renaming of [...renamings, ...source.renamings]) this.#renamings.add(renaming)
  }
}
