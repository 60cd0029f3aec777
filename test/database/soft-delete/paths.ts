/** @module Every path on which rows are deleted, read or written, and what is promised on it: the table of docs/soft-delete.md. */

export const PATHS = {
  'session.remove()': 'becomes an update of `deletedAt`; children follow by cascade',
  'session.nativeDelete()': 'becomes one update of the live rows; children follow by cascade',
  'queryBuilder.delete()': 'becomes one update of the live rows; children follow by cascade',
  'queryBuilder.truncate()': 'refused without `force()`',
  'orphan removal': 'becomes an update of `deletedAt`',
  force:
    'deletes the row: `forceRemove`, `forceDestroy`, `nativeDelete(…, { force: true })`, `queryBuilder.force()`',
  'session.restore()': 'brings back the row, and what the same operation had trashed with it',
  'session.prune()': 'deletes rows that have been in the trash for long, in the order of foreign keys',
  'Model verbs':
    '`destroy` trashes, `all`, `first`, `get`, `filter` do not see the trash, `restore` brings back',
  'session.find()': 'without the trash; with it by `withTrashed`, nothing but it by `onlyTrashed`',
  'session.findOne()': 'null for a row in the trash, also when the session itself has just trashed it',
  'session.count()': 'without the trash, also `countBy` and `findAndCount`',
  'session.findByCursor()': 'without the trash',
  'session.stream()': 'without the trash',
  populate: 'a to-one in the trash is null, collections are without it; the number of rows stays the same',
  collections: '`init`, `load`, `loadItems`, `loadCount` and `matching` are without the trash',
  'conditions on relations': 'what is in the trash fulfils none, with `$some`, `$none` and `$every` as well',
  'order by relations': 'never changes which rows are found',
  'queryBuilder reads':
    'without the trash, with their joins, clones, subqueries and counts; `update()` changes live rows only',
  'identity map': 'does not give what is in the trash',
  'withTrashed(fn)': 'shows the trash to everything in the function, and to nobody else',
  'unique properties': 'unique among live rows',
  'session.upsert()': 'meets live rows only; the key of a row in the trash is refused',
  'session.nativeUpdate()': 'changes live rows only',
  'memory after a rollback': 'tells what the database has',
  'lifecycle hooks': '`beforeDelete` and `afterDelete` run, those of updates do not',
  versions: 'a stale version is refused',
} as const

/** The databases that every behaviour runs on, unless it ends at once on one that cannot do what it is about. */
export const DATABASES = { sqlite: 'SQLite', postgres: 'PostgreSQL', mysql: 'MariaDB' } as const

export type Path = keyof typeof PATHS
