/** @module Where the rows of the ledger are in the publishing house: models, entities and tables. */
import { type EntityName, type FilterQuery, helper } from '@mikro-orm/core'
import type { Model, Session } from 'limber/database'
import type { Collection } from 'limber/database/mapping'
import { Author, Book, Chapter, Folder, Note, Prize, Tag } from '../models.ts'
import type { Row as RawRow } from '../world.ts'
import { KINDS, type Kind, PARENTS, type Row } from './ledger.ts'

export type Thing = Model & { deletedAt?: Date | null }

export const MODELS: Readonly<Record<Kind, EntityName<Thing>>> = {
  Author,
  Book,
  Chapter,
  Note,
  Prize,
  Folder,
  Tag,
}

export const WORDS: Readonly<Record<Kind, string>> = {
  Author: 'name',
  Book: 'title',
  Chapter: 'title',
  Note: 'text',
  Prize: 'name',
  Folder: 'name',
  Tag: 'name',
}

/** A condition whose keys are those of `PARENTS` and `WORDS`, which the types of the ORM cannot know. */
export const condition = (keys: Readonly<Record<string, unknown>>) => keys as FilterQuery<Thing>

export function kindOf(entity: object): Kind | undefined {
  return KINDS.find((kind) => entity.constructor === MODELS[kind])
}

export function collectionOf(entity: object, name: string): Collection<Thing> {
  // Only called with the names of collections in `PARENTS`, and of those between books and tags.
  return Reflect.get(entity, name) as Collection<Thing>
}

/** The entity of a row, also when it is in the trash; what is pending stays pending. */
export async function entityOf(session: Session, { kind, id }: Row): Promise<Thing> {
  const known = session.getUnitOfWork(false).getById<Thing>(MODELS[kind], Number(id))
  if (known && helper(known).__initialized) return known
  return session.findOneOrFail(MODELS[kind], condition({ id }), { withTrashed: true, flushMode: 'commit' })
}

const columns = (kind: Kind) => {
  const { property } = PARENTS[kind] ?? {}
  const parent = property ? `${property}_id` : 'null'
  return `select '${kind}' as kind, id, ${WORDS[kind]} as word, deleted_at as stamp,
    ${property ? parent : 'cast(null as decimal)'} as parent from ${kind.toLowerCase()}`
}

export const ALL_ROWS = KINDS.map(columns).join(' union all ')
export const ALL_LINKS = 'select book_id, tag_id from book_tags'
export const EMPTYING = ['book_tags', 'tag', 'note', 'chapter', 'prize', 'book', 'author', 'folder'].map(
  (table) => `delete from ${table}`,
)

export type Look = (statement: string) => Promise<RawRow[]>
