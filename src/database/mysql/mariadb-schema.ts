/** @module Reads the schema of a MariaDB as that of a MySQL, which is what the ORM compares the models with. */
import type { MySqlDriver } from '@mikro-orm/mysql'
import { type Column, MySqlSchemaHelper } from '@mikro-orm/sql'

/** In MariaDB `json` is another word for `longtext` with a check of this form, named after the column. */
const JSON_CHECK = /^json_valid\(`(.+)`\)$/i

/** Without this, a JSON column would be changed by every migration that is written from the models. */
export function understandMariaDb(driver: MySqlDriver): void {
  const platform = driver.getPlatform()
  const helper = platform.getSchemaHelper()
  if (!(helper instanceof MySqlSchemaHelper)) return
  const getAllChecks = helper.getAllChecks.bind(helper)
  const getAllColumns = helper.getAllColumns.bind(helper)
  helper.getAllChecks = async (...args) => {
    const checks = await getAllChecks(...args)
    return Object.fromEntries(
      Object.entries(checks).map(([table, all]) => [table, all.filter((check) => !isJson(check))]),
    )
  }
  helper.getAllColumns = async (...args) => {
    const [columns, checks] = await Promise.all([getAllColumns(...args), getAllChecks(...args)])
    const [server] = await args[0].execute<{ version: string }[]>('select version() as version')
    const isMariaDb = /mariadb/i.test(String(server?.version))
    for (const [table, all] of Object.entries(columns)) {
      if (isMariaDb) for (const column of all) respell(column)
      const json = new Set(
        (checks[table] ?? [])
          .filter(isJson)
          .map(({ expression }) => JSON_CHECK.exec(String(expression))?.[1]),
      )
      for (const column of all.filter(({ name }) => json.has(name))) {
        column.type = 'json'
        column.mappedType = platform.getMappedType('json')
        Reflect.deleteProperty(column, 'collation')
      }
    }
    return columns
  }
}

function respell(column: Column): void {
  // It refuses a generated column that says so itself.
  if (column.generated) column.nullable = false
  Object.assign(column, { default: plainDefault(column.default) })
  // Of the words "virtual generated, invisible" the ORM takes away the first two.
  if (column.extra) column.extra = column.extra.replace(/^,\s*/, '')
}

/** MariaDB tells a default as it is written in SQL, and the ORM has quoted that once more. */
function plainDefault(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (/^'?null'?$/i.test(value)) return undefined
  const written = unquote(value)
  const text = written === undefined ? undefined : unquote(written)
  return text === undefined ? value : `'${text.replaceAll("'", "''")}'`
}

function unquote(text: string): string | undefined {
  const [, inner] = /^'(.*)'$/s.exec(text) ?? []
  return inner?.replace(/\\(.)|''/gs, (_, escaped?: string) => escaped ?? "'")
}

function isJson({ expression }: { readonly expression?: unknown }): boolean {
  return JSON_CHECK.test(String(expression))
}
