/** @module A small publishing house: every kind of relation between models that are soft-deleted and one that is not. */
import { KeyedModel, Model } from 'limber/database'
import {
  AfterDelete,
  AfterUpdate,
  BeforeDelete,
  BeforeUpdate,
  Cascade,
  Collection,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  type Opt,
  PrimaryKey,
  PrimaryKeyProp,
  Property,
  type Ref,
  types,
  Unique,
} from 'limber/database/mapping'

/** Hard: its rows are really deleted. */
@Entity()
export class Country extends Model {
  @Property()
  name!: string

  @OneToMany(
    () => Author,
    (author) => author.country,
  )
  authors = new Collection<Author>(this)
}

@Entity()
export class Author extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @Property({ unique: true, nullable: true })
  email?: string | null

  @ManyToOne(() => Country, { ref: true, nullable: true })
  country?: Ref<Country> | null

  /** Removed with the author by the cascade of the ORM. */
  @OneToMany(
    () => Book,
    (book) => book.author,
    { cascade: [Cascade.PERSIST, Cascade.REMOVE] },
  )
  books = new Collection<Book>(this)

  /** Kept when the author goes: nothing says otherwise. */
  @OneToMany(
    () => Prize,
    (prize) => prize.author,
  )
  prizes = new Collection<Prize>(this)

  @OneToOne(
    () => Profile,
    (profile) => profile.author,
    { ref: true, nullable: true },
  )
  profile?: Ref<Profile> | null
}

/** Owns the one-to-one: unique among live rows. */
@Entity()
export class Profile extends Model {
  static override softDelete = true

  @Property()
  text!: string

  @OneToOne(() => Author, { ref: true, deleteRule: 'cascade' })
  author!: Ref<Author>
}

@Entity()
export class Prize extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @ManyToOne(() => Author, { ref: true, nullable: true })
  author?: Ref<Author> | null
}

@Entity()
@Unique({ properties: ['author', 'title'] })
export class Book extends Model {
  static override softDelete = true

  @Property()
  title!: string

  @Property({ type: types.integer, default: 0 })
  pages: number & Opt = 0

  @ManyToOne(() => Author, { ref: true })
  author!: Ref<Author>

  /** May be missing, and goes nowhere when the book does. */
  @ManyToOne(() => Author, { ref: true, nullable: true })
  editor?: Ref<Author> | null

  @OneToMany(
    () => Chapter,
    (chapter) => chapter.book,
  )
  chapters = new Collection<Chapter>(this)

  @ManyToMany(
    () => Tag,
    (tag) => tag.books,
    { owner: true },
  )
  tags = new Collection<Tag>(this)
}

/** Shows its book also when that is in the trash. */
@Entity()
export class Review extends Model {
  static override softDelete = true

  @Property()
  text!: string

  @ManyToOne(() => Book, { ref: true, withTrashed: true })
  book!: Ref<Book>
}

/** Follows its book by the rule of its foreign key, not by the cascade of the ORM. */
@Entity()
export class Chapter extends Model {
  static override softDelete = true

  @Property()
  title!: string

  @Property({ type: types.integer, version: true })
  version!: number & Opt

  @ManyToOne(() => Book, { ref: true, deleteRule: 'cascade' })
  book!: Ref<Book>

  @OneToMany(
    () => Note,
    (note) => note.chapter,
  )
  notes = new Collection<Note>(this)
}

@Entity()
export class Note extends Model {
  static override softDelete = true
  static override timestamps = true

  @Property()
  text!: string

  @ManyToOne(() => Chapter, { ref: true, deleteRule: 'cascade' })
  chapter!: Ref<Chapter>
}

@Entity()
export class Tag extends Model {
  static override softDelete = true

  @Property({ unique: true })
  name!: string

  @ManyToMany(
    () => Book,
    (book) => book.tags,
  )
  books = new Collection<Book>(this)
}

/** A tree that is trashed from its root. */
@Entity()
export class Folder extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @ManyToOne(() => Folder, { ref: true, nullable: true, deleteRule: 'cascade' })
  parent?: Ref<Folder> | null

  @OneToMany(
    () => Folder,
    (folder) => folder.parent,
  )
  folders = new Collection<Folder>(this)
}

/** A key of two columns, and a stamp in a column of another name. */
@Entity()
export class Edition extends KeyedModel {
  static override softDelete = true
  declare [PrimaryKeyProp]?: ['isbn', 'number']

  @PrimaryKey({ type: types.string, length: 20 })
  isbn!: string

  @PrimaryKey({ type: types.integer })
  number!: number

  @Property()
  publisher!: string

  @Property({ type: types.datetime, length: 6, nullable: true, fieldName: 'withdrawn_at' })
  deletedAt?: Date | null
}

/** Two kinds in one table. */
@Entity({ discriminatorColumn: 'kind', discriminatorMap: { person: 'Person', translator: 'Translator' } })
export class Person extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @Property({ type: types.string })
  kind!: string & Opt
}

@Entity()
export class Translator extends Person {
  @Property({ nullable: true })
  language?: string | null

  @ManyToOne(() => Person, { ref: true, nullable: true, deleteRule: 'cascade' })
  mentor?: Ref<Person> | null
}

/** Refers to a key of two columns. */
@Entity()
export class Printing extends Model {
  static override softDelete = true

  @Property({ type: types.integer })
  copies!: number

  @ManyToOne(() => Edition, { ref: true, deleteRule: 'cascade' })
  edition!: Ref<Edition>
}

/** Owns what it holds: what leaves it is removed. */
@Entity()
export class Series extends Model {
  static override softDelete = true

  @Property()
  name!: string

  @OneToMany(
    () => Issue,
    (issue) => issue.series,
    { orphanRemoval: true },
  )
  issues = new Collection<Issue>(this)

  @OneToOne(
    () => Cover,
    (cover) => cover.series,
    { ref: true, nullable: true, orphanRemoval: true },
  )
  cover?: Ref<Cover> | null
}

/** Its foreign key is a part of its key. */
@Entity()
export class Issue extends KeyedModel {
  static override softDelete = true
  declare [PrimaryKeyProp]?: ['series', 'number']

  @ManyToOne(() => Series, { ref: true, primary: true })
  series!: Ref<Series>

  @PrimaryKey({ type: types.integer })
  number!: number
}

@Entity()
export class Cover extends Model {
  static override softDelete = true

  @Property()
  image!: string

  @OneToOne(() => Series, { ref: true })
  series!: Ref<Series>
}

/** Says what happens to it. */
@Entity()
export class Letter extends Model {
  static override softDelete = true
  static readonly heard: string[] = []

  @Property()
  text!: string

  @ManyToOne(() => Author, { ref: true, nullable: true, deleteRule: 'cascade' })
  writer?: Ref<Author> | null

  @BeforeDelete()
  beforeDelete() {
    if (this.text === 'dear') throw new Error('not this one')
    Letter.heard.push(`beforeDelete ${this.text}`)
  }

  @AfterDelete()
  afterDelete() {
    Letter.heard.push(`afterDelete ${this.text}`)
  }

  @BeforeUpdate()
  beforeUpdate() {
    Letter.heard.push(`beforeUpdate ${this.text}`)
  }

  @AfterUpdate()
  afterUpdate() {
    Letter.heard.push(`afterUpdate ${this.text}`)
  }
}

export const MODELS = [
  Country,
  Author,
  Profile,
  Prize,
  Book,
  Review,
  Chapter,
  Note,
  Tag,
  Folder,
  Edition,
  Person,
  Translator,
  Printing,
  Series,
  Issue,
  Cover,
  Letter,
]
