import {
  type Application,
  Container,
  type HealthCheck,
  type ServiceKey,
  type ServiceOf,
  type Swap,
} from 'limber'
import { describe, expectTypeOf, test } from 'vitest'

class Lamp {
  readonly watts = 40
}
abstract class Light {
  abstract shine(): string
}
class Bulb extends Light {
  shine() {
    return 'bright'
  }
}

// Augmented here, outside of the package, the way an application does it.
declare module 'limber' {
  interface Services {
    'lights.lamp': Lamp
    'lights.count': number
  }
  interface Tags {
    lit: Lamp
  }
}

const container = new Container()

/** Checked by the compiler only: `tsc -b` fails when a line compiles that must not. */
function checkedOnly(_: () => unknown): void {
  // Never called.
}

describe('the keys of services', () => {
  test('give the type of the service, those of the framework included', () => {
    checkedOnly(() => {
      expectTypeOf(container.make('lights.lamp')).toEqualTypeOf<Lamp>()
      expectTypeOf(container.make('app')).toEqualTypeOf<Application>()
      expectTypeOf(container.makeAsync('lights.count')).toEqualTypeOf<Promise<number>>()
      expectTypeOf(container.make(Lamp)).toEqualTypeOf<Lamp>()
      expectTypeOf(container.make(Light)).toEqualTypeOf<Light>()
    })
    expectTypeOf<ServiceOf<'lights.count'>>().toEqualTypeOf<number>()
    expectTypeOf<'lights.lamp'>().toExtend<ServiceKey>()
    expectTypeOf<'lights.lmap'>().not.toExtend<ServiceKey>()
  })

  test('that nobody declared do not compile', () => {
    checkedOnly(() => {
      // @ts-expect-error a typing mistake
      container.make('lights.lmap')
      // @ts-expect-error a typing mistake
      container.makeAsync('lights.lmap')
      // @ts-expect-error a typing mistake
      container.singleton('lights.lmap', Lamp)
      // @ts-expect-error a typing mistake
      container.singleton('lights.count', () => 1, { needs: ['lights.lmap'] })
      // @ts-expect-error a typing mistake
      container.tag('lit', 'lights.lmap')
    })
  })
})

describe('tags', () => {
  test('give the type of what is under them, those of the framework included', () => {
    checkedOnly(() => {
      expectTypeOf(container.tagged('lit')).toEqualTypeOf<Lamp[]>()
      expectTypeOf(container.tagged('health')).toEqualTypeOf<HealthCheck[]>()
      // @ts-expect-error a typing mistake
      container.tagged('lti')
    })
  })

  test('take only services that are what they promise', () => {
    checkedOnly(() => {
      container.tag('lit', 'lights.lamp', Lamp)
      // @ts-expect-error a number is no lamp
      container.tag('lit', 'lights.count')
      // @ts-expect-error a bulb has no watts
      container.tag('lit', Bulb)
    })
  })
})

describe('makers', () => {
  test('have to make what the key promises', () => {
    checkedOnly(() => {
      container.singleton('lights.count', async () => 3)
      container.singleton('lights.lamp', Lamp)
      // @ts-expect-error a text is no number
      container.singleton('lights.count', () => '3')
      // @ts-expect-error nor is the promise of one
      container.scoped('lights.count', async () => '3')
      // @ts-expect-error a bulb has no watts
      container.bind('lights.lamp', Bulb)
      // @ts-expect-error a text is no number
      container.instance('lights.count', '3')
      // @ts-expect-error a text is no number
      container.rebind('lights.count', () => '3')
    })
  })

  test('are needed for an abstract class, and have to make one', () => {
    checkedOnly(() => {
      container.bind(Light, Bulb)
      container.singleton(Light, () => new Bulb())
      // @ts-expect-error an abstract class cannot be constructed
      container.singleton(Light)
      // @ts-expect-error a lamp does not shine
      container.scoped(Light, Lamp)
    })
  })
})

describe('the other verbs', () => {
  test('know the type of the service', () => {
    checkedOnly(() => {
      expectTypeOf(container.swap('lights.count', 3)).toEqualTypeOf<Swap<number>>()
      container.singleton('lights.lamp', Lamp, {
        dispose: (lamp) => expectTypeOf(lamp).toEqualTypeOf<Lamp>(),
      })
      container.extend('lights.count', (count) => count + 1)
      expectTypeOf(container.call(['lights.count', Lamp], (count, lamp) => count + lamp.watts)).toBeNumber()
      // @ts-expect-error a text is no number
      container.swap('lights.count', '3')
      // @ts-expect-error a text is no number
      container.extend('lights.count', (count) => String(count))
      // @ts-expect-error a lamp is no number
      container.alias('lights.count', 'lights.lamp')
      // @ts-expect-error a service that nobody shares is not disposed
      container.bind('lights.lamp', Lamp, { dispose: () => undefined })
    })
  })
})
