/** Models that would lose the rows of the trash are refused when they are loaded, with what to change. */
import type { Lazy } from 'limber'
import { Model } from 'limber/database'
import {
  Cascade,
  Collection,
  Entity,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  type Ref,
} from 'limber/database/mapping'
import { describe, expect, it } from 'vitest'
import { bootLibrary, commandsIn, tempFolder } from '../support/library-application.ts'

/** Makes a pair of models whose relation is to be judged; each test has classes of its own. */
interface Options {
  readonly isSoft: { readonly shelf: boolean; readonly box: boolean }
  readonly collection?: { readonly cascade?: Cascade[]; readonly orphanRemoval?: boolean }
  readonly reference?: { readonly deleteRule?: 'cascade' | 'set null'; readonly cascade?: Cascade[] }
}

function pair({ isSoft, collection = {}, reference = {} }: Options): Lazy[] {
  @Entity({ tableName: 'shelf' })
  class Shelf extends Model {
    static override softDelete = isSoft.shelf

    @OneToMany(
      () => Box,
      (box) => box.shelf,
      collection,
    )
    boxes = new Collection<Box>(this)
  }
  @Entity({ tableName: 'box' })
  class Box extends Model {
    static override softDelete = isSoft.box

    @ManyToOne(() => Shelf, { ref: true, nullable: true, ...reference })
    shelf?: Ref<Shelf> | null
  }
  return [Shelf, Box]
}

const SOFT_TO_HARD = { shelf: true, box: false }
const HARD_TO_SOFT = { shelf: false, box: true }
const opening = async (models: readonly Lazy[]) => {
  const { app } = await bootLibrary({ models })
  await app.ready(['db'])
  return app
}

it('a many-to-many that removes what others may share is refused', async () => {
  @Entity()
  class Topic extends Model {
    static override softDelete = true
  }
  @Entity()
  class Article extends Model {
    static override softDelete = true

    @ManyToMany(() => Topic, undefined, { cascade: [Cascade.ALL] })
    topics = new Collection<Topic>(this)
  }
  await expect(opening([Topic, Article])).rejects.toMatchObject({
    code: 'LIMBER_SOFT_DELETE_SHARED',
    message: expect.stringContaining('Cascade.ALL of Article.topics'),
  })
})

describe('a soft-deleted model whose removal cascades to one that is not', () => {
  it.each([
    ['Cascade.REMOVE', { cascade: [Cascade.PERSIST, Cascade.REMOVE] }],
    ['Cascade.ALL', { cascade: [Cascade.ALL] }],
    ['orphanRemoval', { orphanRemoval: true }],
  ])('by %s is refused, with both models, the property and the way out', async (rule, collection) => {
    await expect(opening(pair({ isSoft: SOFT_TO_HARD, collection }))).rejects.toMatchObject({
      code: 'LIMBER_SOFT_DELETE_CASCADE',
      kind: 'invalid',
      message: `Shelf is soft-deleted and Box is not, but ${rule} of Shelf.boxes deletes it for good with its Shelf.`,
      hint: `Set static softDelete = true on Box, or take ${rule} off Shelf.boxes.`,
    })
  })

  it('from the side that owns the relation is refused as well', async () => {
    const models = pair({ isSoft: HARD_TO_SOFT, reference: { cascade: [Cascade.REMOVE] } })
    await expect(opening(models)).rejects.toMatchObject({
      code: 'LIMBER_SOFT_DELETE_CASCADE',
      message: expect.stringContaining('Cascade.REMOVE of Box.shelf'),
    })
  })

  it('over a one-to-one is refused as well', async () => {
    @Entity()
    class Lock extends Model {
      @OneToOne(() => Door, { ref: true })
      door!: Ref<Door>
    }
    @Entity()
    class Door extends Model {
      static override softDelete = true

      @OneToOne(
        () => Lock,
        (lock) => lock.door,
        { ref: true, nullable: true, orphanRemoval: true },
      )
      lock?: Ref<Lock> | null
    }
    await expect(opening([Lock, Door])).rejects.toMatchObject({
      code: 'LIMBER_SOFT_DELETE_CASCADE',
      message: expect.stringContaining('orphanRemoval of Door.lock'),
    })
  })

  it('over a many-to-many is refused as well', async () => {
    @Entity()
    class Label extends Model {}
    @Entity()
    class Jar extends Model {
      static override softDelete = true

      @ManyToMany(() => Label, undefined, { owner: true, cascade: [Cascade.REMOVE] })
      labels = new Collection<Label>(this)
    }
    await expect(opening([Label, Jar])).rejects.toMatchObject({ code: 'LIMBER_SOFT_DELETE_CASCADE' })
  })

  it('is told by limber doctor', async () => {
    const models = pair({ isSoft: SOFT_TO_HARD, collection: { orphanRemoval: true } })
    const test = await commandsIn({ root: tempFolder(), models })
    const { exitCode, stdout } = await test.run('doctor')
    expect(exitCode).not.toBe(0)
    expect(stdout).toContain('LIMBER_SOFT_DELETE_CASCADE')
    expect(stdout).toContain('Shelf.boxes')
  })
})

describe('a model whose foreign keys take soft-deleted rows along', () => {
  it('is refused when it is not soft-deleted itself', async () => {
    const models = pair({ isSoft: HARD_TO_SOFT, reference: { deleteRule: 'cascade' } })
    await expect(opening(models)).rejects.toMatchObject({
      code: 'LIMBER_HARD_DELETE_CASCADE',
      kind: 'invalid',
      message:
        "Box is soft-deleted and Shelf is not, but deleteRule: 'cascade' of Box.shelf lets the database delete it for good with its Shelf.",
      hint: "Set static softDelete = true on Shelf, or take deleteRule: 'cascade' off Box.shelf.",
    })
  })

  it('is refused over a one-to-one as well', async () => {
    @Entity()
    class Door extends Model {}
    @Entity()
    class Lock extends Model {
      static override softDelete = true

      @OneToOne(() => Door, { ref: true, deleteRule: 'cascade' })
      door!: Ref<Door>
    }
    await expect(opening([Lock, Door])).rejects.toMatchObject({ code: 'LIMBER_HARD_DELETE_CASCADE' })
  })

  it('is refused at the end of a chain, where the soft-deleted model is', async () => {
    @Entity()
    class House extends Model {}
    @Entity()
    class Floor extends Model {
      @ManyToOne(() => House, { ref: true, deleteRule: 'cascade' })
      house!: Ref<House>
    }
    @Entity()
    class Chamber extends Model {
      static override softDelete = true

      @ManyToOne(() => Floor, { ref: true, deleteRule: 'cascade' })
      floor!: Ref<Floor>
    }
    await expect(opening([House, Floor, Chamber])).rejects.toMatchObject({
      code: 'LIMBER_HARD_DELETE_CASCADE',
      message: expect.stringMatching(/^Chamber is soft-deleted and Floor is not/),
    })
  })

  it('is refused when a base class declares the relation', async () => {
    @Entity()
    class Owner extends Model {}
    abstract class Owned extends Model {
      @ManyToOne(() => Owner, { ref: true, deleteRule: 'cascade' })
      owner!: Ref<Owner>
    }
    @Entity()
    class Thing extends Owned {
      static override softDelete = true
    }
    await expect(opening([Owner, Thing])).rejects.toMatchObject({
      code: 'LIMBER_HARD_DELETE_CASCADE',
      message: expect.stringContaining('Thing.owner'),
    })
  })
})

describe('what loses nothing is let through', () => {
  it.each<[string, Options]>([
    [
      'a cascade between soft-deleted models',
      {
        isSoft: { shelf: true, box: true },
        collection: { orphanRemoval: true },
        reference: { deleteRule: 'cascade' },
      },
    ],
    [
      'a cascade between models that are not',
      {
        isSoft: { shelf: false, box: false },
        collection: { orphanRemoval: true },
        reference: { deleteRule: 'cascade' },
      },
    ],
    ['persisting by cascade', { isSoft: SOFT_TO_HARD, collection: { cascade: [Cascade.PERSIST] } }],
    ['a foreign key that is set to null', { isSoft: HARD_TO_SOFT, reference: { deleteRule: 'set null' } }],
    [
      'a foreign key that cascades from soft-deleted rows to others',
      { isSoft: SOFT_TO_HARD, reference: { deleteRule: 'cascade' } },
    ],
  ])('%s', async (_what, options) => {
    await opening(pair(options))
  })

  it('a many-to-many with a model that is not soft-deleted: its links belong to nobody', async () => {
    @Entity()
    class Label extends Model {}
    @Entity()
    class Jar extends Model {
      static override softDelete = true

      @ManyToMany(() => Label, undefined, { owner: true })
      labels = new Collection<Label>(this)
    }
    const app = await opening([Label, Jar])
    const { schema } = app.make('db.connection')
    await schema.create()
    await app.scope(() => {
      const session = app.make('db.session')
      session.create(Jar, { labels: [session.create(Label, {})] } as never)
    })
    const links = () => app.make('db.connection').execute('select * from jar_labels')
    await app.scope(async () => {
      const session = app.make('db.session')
      session.remove(await session.findOneOrFail(Jar, 1))
    })
    expect(await links()).toHaveLength(1)
    await app.scope(async () => {
      const session = app.make('db.session')
      session.remove(await session.findOneOrFail(Label, 1))
    })
    expect(await links()).toHaveLength(0)
    expect(await app.make('db.connection').execute('select id from jar')).toHaveLength(1)
  })
})

it('a polymorphic relation to a soft-deleted model is refused, since it would show the trash', async () => {
  @Entity({ tableName: 'photo' })
  class Photo extends Model {
    static override softDelete = true
  }
  @Entity({ tableName: 'post' })
  class Post extends Model {}
  @Entity({ tableName: 'remark' })
  class Remark extends Model {
    @ManyToOne({ entity: () => [Post, Photo], nullable: true })
    about?: Photo | Post | null
  }
  await expect(opening([Photo, Post, Remark])).rejects.toMatchObject({
    code: 'LIMBER_SOFT_DELETE_POLYMORPHIC',
    message: expect.stringContaining('Remark.about'),
  })
})

it('a many-to-many over the rows of a soft-deleted model is refused, since its links would be deleted for good', async () => {
  @Entity()
  class Student extends Model {
    @ManyToMany({ entity: () => Course, pivotEntity: () => Enrolment })
    courses = new Collection<Course>(this)
  }
  @Entity()
  class Course extends Model {}
  @Entity()
  class Enrolment extends Model {
    static override softDelete = true
    @ManyToOne(() => Student, { ref: true }) student!: Ref<Student>
    @ManyToOne(() => Course, { ref: true }) course!: Ref<Course>
  }
  await expect(opening([Student, Course, Enrolment])).rejects.toMatchObject({
    code: 'LIMBER_SOFT_DELETE_PIVOT',
    message: expect.stringMatching(/Student\.courses .* Enrolment/),
    hint: expect.stringContaining('one-to-many'),
  })
})
