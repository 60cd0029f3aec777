import { Container, injectable, type ServiceName } from 'limber'
import { describe, expect, it } from 'vitest'

const key = (name: string) => name as ServiceName

/** A container in which two binders have bound something. */
function shared() {
  const container = new Container()
  const ended: string[] = []
  const ending = (name: string) => () => ({ [Symbol.dispose]: () => void ended.push(name) }) as never
  container.registering('theirs', () => container.singleton(key('theirs'), ending('theirs')))
  container.registering('ours', () => {
    container.singleton(key('ours.first'), ending('first'))
    container.singleton(key('ours.second'), ending('second'))
    container.singleton(key('ours.unused'), ending('unused'))
    container.alias(key('ours.alias'), key('theirs') as never)
  })
  return { container, ended }
}

describe('what one binder has bound can be removed', () => {
  it('and is not found any more; what others have bound stays', async () => {
    const { container } = shared()
    await container.removeBoundBy('ours')
    expect(container.list().map(({ key: name }) => name)).toEqual(['theirs'])
    for (const name of ['ours.first', 'ours.alias']) {
      expect(() => container.make(key(name))).toThrow(`Nothing is bound to "${name}".`)
    }
    expect(container.make(key('theirs'))).toBeDefined()
  })

  it('and its singletons end then, the newest first, once', async () => {
    const { container, ended } = shared()
    for (const name of ['ours.second', 'theirs', 'ours.first']) container.make(key(name))
    await container.removeBoundBy('ours')
    expect(ended).toEqual(['first', 'second'])
    await container.dispose()
    expect(ended).toEqual(['first', 'second', 'theirs'])
  })

  it('and bound anew, also as what classes inject', async () => {
    const { container } = shared()
    class Dependency {
      readonly name: string = 'old'
    }
    class Newer extends Dependency {
      override readonly name = 'new'
    }
    @injectable()
    class User {
      constructor(readonly dependency: Dependency) {}
    }
    container.registering('ours', () => container.singleton(Dependency))
    expect(container.make(User).dependency).toBe(container.make(Dependency))
    await container.removeBoundBy('ours')
    expect(container.make(User).dependency).not.toBe(container.make(User).dependency)
    container.registering('ours', () => container.singleton(Dependency, Newer))
    expect(container.make(User).dependency.name).toBe('new')
  })

  it('with its tags and with swaps of its services', async () => {
    const { container } = shared()
    const tag = 'things' as never
    container.registering('ours', () => container.tag(tag, key('ours.first') as never))
    container.tag(tag, key('theirs') as never)
    container.swap(key('ours.first'), 'swapped' as never)
    expect(container.tagged(tag)).toHaveLength(2)
    await container.removeBoundBy('ours')
    expect(container.tagged(tag)).toEqual([container.make(key('theirs'))])
    container.instance(key('ours.first'), 'bound again' as never)
    expect(container.make(key('ours.first'))).toBe('bound again')
  })

  it('and a fault at the end of one does not keep the others from ending', async () => {
    const { container, ended } = shared()
    container.registering('ours', () =>
      container.singleton(key('ours.faulty'), () => 1 as never, {
        dispose: () => {
          throw new Error('no end')
        },
      }),
    )
    for (const name of ['ours.first', 'ours.faulty', 'ours.second']) container.make(key(name))
    await expect(container.removeBoundBy('ours')).rejects.toThrow('no end')
    expect(ended).toEqual(['second', 'first'])
    await container.dispose()
    expect(ended).toEqual(['second', 'first'])
  })
})

describe('a guard', () => {
  it('is asked about everything that is made or injected, with the way to it', async () => {
    const container = new Container()
    class Book {}
    @injectable()
    class Reader {
      constructor(readonly book: Book) {}
    }
    container.bind(Book)
    container.instance(key('shelf'), 1 as never)
    container.alias(key('rack'), key('shelf') as never)
    container.singleton(key('later'), async () => 2 as never)
    const asked: string[][] = []
    container.guard((_, path) => void asked.push([...path()]))
    container.make(Reader)
    container.make(key('rack'))
    await container.makeAsync(key('later'))
    container.askGuard('no service at all')
    expect(asked).toEqual([['Reader'], ['Reader', 'Book'], ['"shelf"'], ['"later"'], ['"no service at all"']])
  })

  it('refuses by throwing, each time anew', () => {
    const container = new Container()
    container.instance(key('shelf'), 1 as never)
    let isOpen = false
    container.guard((wanted) => {
      if (!isOpen) throw new Error(`no ${String(wanted)}`)
    })
    expect(() => container.make(key('shelf'))).toThrow('no shelf')
    isOpen = true
    expect(container.make(key('shelf'))).toBe(1)
  })
})
