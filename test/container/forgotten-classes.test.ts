import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Container, inject, injectable } from 'limber'
import { expect, it, vi } from 'vitest'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Makes classes that nobody else holds: one that is not bound, and one that is. */
function useClasses(container: Container): WeakRef<object>[] {
  class Unbound {
    readonly text = 'unbound'
  }
  class Bound {
    readonly text = 'bound'
  }
  container.registering('ours', () => container.singleton(Bound))
  container.make(Unbound)
  container.make(Bound)
  container.verify([Unbound])
  return [Unbound, Bound].map((type) => new WeakRef(type))
}

it('a class is held no longer when what its binder bound is removed', async () => {
  const container = new Container()
  const classes = useClasses(container)
  await container.removeBoundBy('ours')
  await vi.waitFor(() => {
    collectGarbage()
    // A class in the message of a failure would be held by it.
    expect(classes.map((type) => type.deref() === undefined)).toEqual([true, true])
  })
  expect(container.list()).toEqual([])
})

/** The same, of classes that inject one another; one of them injects what stays. */
function useClassesThatInject(container: Container): WeakRef<object>[] {
  @injectable()
  class Ink {
    constructor(@inject('stays') readonly stays: object) {}
  }
  @injectable()
  class Pen {
    constructor(readonly ink: Ink) {}
  }
  @injectable()
  class Desk {
    constructor(readonly pen: Pen) {}
  }
  @injectable()
  class Room {
    constructor(
      readonly desk: Desk,
      readonly pen: Pen,
    ) {}
  }
  container.registering('ours', () => container.singleton(Desk))
  container.make(Room)
  return [Ink, Pen, Desk, Room].map((type) => new WeakRef(type))
}

it('so are classes that were made since another class injects them', async () => {
  const container = new Container()
  const stays = {}
  container.instance('stays' as 'app', stays as never)
  const classes = [1, 2, 3].flatMap(() => {
    const used = useClassesThatInject(container)
    void container.removeBoundBy('ours')
    return used
  })
  await vi.waitFor(() => {
    collectGarbage()
    expect(classes.map((type) => type.deref() === undefined)).toEqual(classes.map(() => true))
  })
  expect(container.make('stays' as 'app')).toBe(stays)
})

it('what was bound on the inversify container by hand is there all the same', async () => {
  const container = new Container()
  class Clock {}
  container.raw.bind('clock').to(Clock).inSingletonScope()
  const clock = container.make('clock' as 'app')
  useClasses(container)
  await container.removeBoundBy('ours')
  expect(container.make('clock' as 'app')).toBe(clock)
})
