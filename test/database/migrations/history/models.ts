/** @module Makes classes of models from a description. */
import { Model } from 'limber/database'
import { Entity, Index, ManyToOne, Property, types, Unique } from 'limber/database/mapping'
import { type Column, type ColumnType, isSoft, type State, type Table } from './description.ts'

const TYPES = {
  integer: { type: types.integer },
  bigint: { type: types.bigint },
  double: { type: types.double },
  decimal: { type: types.decimal, precision: 10, scale: 2 },
  boolean: { type: types.boolean },
  string: { type: types.string, length: 255 },
  short: { type: types.string, length: 60 },
  text: { type: types.text },
  datetime: { type: types.datetime, length: 3 },
} as const satisfies Record<ColumnType, object>

type ModelClass = new () => Model

export function modelsOf(state: State): ModelClass[] {
  const classes = new Map(state.tables.map((table) => [table.identity, classOf(table)]))
  for (const table of state.tables) {
    const model = classes.get(table.identity)
    if (!model) continue
    for (const column of table.columns) {
      if (!column.isStamp) declare(model, column, (identity) => classes.get(identity))
    }
    for (const { columns, unique } of table.keys) {
      const properties = columns.map((key) => table.columns.find(({ identity }) => identity === key)?.name)
      const options = { properties: properties.filter((name) => name !== undefined) }
      // The names of properties are known at run time only.
      if (unique) Unique(options as object)(model)
      else Index(options as object)(model)
    }
    Entity({ tableName: table.name })(model)
  }
  return [...classes.values()]
}

function classOf(table: Table): ModelClass {
  const name = `Model${table.identity}`
  // A computed name is the only way to name a class at run time.
  const holder = {
    [name]: class extends Model {
      static override softDelete = isSoft(table)
    },
  }
  const model = holder[name]
  if (!model) throw new Error(name)
  return model
}

function declare(
  model: ModelClass,
  { name, type, nullable, relation, ...column }: Column,
  find: (identity: number) => ModelClass | undefined,
): void {
  const shared = { fieldName: name, nullable }
  if (relation) {
    const entity = () => find(relation.target) ?? model
    ManyToOne({ ...shared, entity, ref: true, deleteRule: relation.rule })(model.prototype, name)
    return
  }
  const value = column.default
  const given = value === undefined || value === null ? {} : { default: value }
  Property({ ...shared, ...TYPES[type], ...given })(model.prototype, name)
}
