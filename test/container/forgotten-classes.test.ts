import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Container } from 'limber'
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
