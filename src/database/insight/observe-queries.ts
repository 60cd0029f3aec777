/** @module The one seam through which every query of a connection goes: nothing is put there when nothing is asked for. */
import type { Connection as OrmConnection } from '@mikro-orm/core'
import type { Log } from '../../application/log.ts'
import { Scope } from '../../application/scope.ts'
import { currentScope } from '../../container/resolution-frame.ts'
import type { Connection } from '../connections/connection.ts'
import { NPlusOneError } from './errors.ts'
import type { InsightSettings } from './insight-config.ts'
import { countQuery } from './query-counter.ts'
import { RepeatedQueries } from './repeated-queries.ts'

interface QueryContext {
  readonly query?: string
  readonly params?: readonly unknown[]
}

/** What a connection of the ORM does with each query; the method is protected there. */
interface Executing {
  executeQuery<T>(sql: string, run: () => Promise<T>, context?: QueryContext): Promise<T>
}

export function observeQueries(connection: Connection, settings: InsightSettings, log: Log): void {
  const { repeated, slow, counted } = settings
  if (!settings.log && !counted && slow === false && repeated === 'off') return
  const shapes = repeated === 'off' ? undefined : new RepeatedQueries(connection.orm.getMetadata())

  const before = (sql: string) => {
    if (counted) countQuery(sql)
    const found = shapes?.note(sql)
    if (!found) return
    const error = new NPlusOneError(found)
    if (repeated === 'throw') throw error
    log.warn({ ...found, ...scopeFacts() }, `${error.message} ${error.hint ?? ''}`)
  }
  const after = (sql: string, ms: number, params: readonly unknown[] = []) => {
    const isSlow = slow !== false && ms >= slow
    if (!settings.log && !isSlow) return
    const shown = settings.parameters === 'shown' ? params : params.map(mask)
    const facts = { sql, parameters: shown, ms: Math.round(ms * 10) / 10, ...scopeFacts() }
    if (isSlow) log.warn({ connection: connection.name, ...facts }, 'A query was slow.')
    else log.debug({ connection: connection.name, ...facts }, 'query')
  }

  for (const inner of connectionsOf(connection)) {
    // The method is there on every connection of the ORM.
    const target = inner as unknown as Executing
    const execute = target.executeQuery.bind(target)
    target.executeQuery = async (text, run, context) => {
      const sql = context?.query ?? text
      before(sql)
      const started = performance.now()
      try {
        return await execute(text, run, context)
      } finally {
        after(sql, performance.now() - started, context?.params)
      }
    }
  }
}

function connectionsOf({ orm }: Connection): Set<OrmConnection> {
  const replicas: unknown = Reflect.get(orm.driver, 'replicas')
  const others: OrmConnection[] = Array.isArray(replicas) ? replicas : []
  return new Set([orm.driver.getConnection('write'), orm.driver.getConnection('read'), ...others])
}

function scopeFacts(): object {
  const scope = currentScope()
  return scope instanceof Scope ? { scope: scope.id, kind: scope.kind, label: scope.label } : {}
}

/** Numbers and what is not there say nothing about anybody; a text may. */
function mask(value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  return typeof value === 'string' ? `*** (${value.length} characters)` : '***'
}
