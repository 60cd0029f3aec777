import { type Config, type ConfigPath, type ConfigValue, env } from 'limber'
import { describe, expectTypeOf, test } from 'vitest'

declare module 'limber' {
  interface ConfigSections {
    lighting: {
      readonly watts: number
      readonly colour?: string
      readonly rooms: readonly string[]
      readonly garden: { readonly lamps: number; readonly timer?: { readonly hour: number } }
    }
  }
}

/** Checked by the compiler only: `tsc -b` fails when a line compiles that must not. */
function checkedOnly(_: (config: Config) => unknown): void {
  // Never called.
}

describe('the paths of the configuration', () => {
  test('give the type of the value', () => {
    expectTypeOf<ConfigValue<'lighting.watts'>>().toEqualTypeOf<number>()
    expectTypeOf<ConfigValue<'lighting.garden.lamps'>>().toEqualTypeOf<number>()
    expectTypeOf<ConfigValue<'lighting.garden.timer.hour'>>().toEqualTypeOf<number>()
    expectTypeOf<ConfigValue<'lighting.rooms'>>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<ConfigValue<'app.name'>>().toEqualTypeOf<string>()
    checkedOnly((config) => {
      expectTypeOf(config.get('lighting.watts')).toEqualTypeOf<number>()
      expectTypeOf(config.find('lighting.watts')).toEqualTypeOf<number | undefined>()
    })
  })

  test('end where plain objects end', () => {
    expectTypeOf<'lighting.rooms'>().toExtend<ConfigPath>()
    expectTypeOf<'lighting.rooms.length'>().not.toExtend<ConfigPath>()
  })

  test('that nobody declared do not compile', () => {
    checkedOnly((config) => {
      // @ts-expect-error a typing mistake
      config.get('lighting.wats')
      // @ts-expect-error a typing mistake
      config.get('lightning')
      // @ts-expect-error a typing mistake
      config.has('lighting.garden.lmaps')
    })
  })
})

test('environment variables have the type of what they are read as, with their default', () => {
  checkedOnly(() => {
    expectTypeOf(env.string('A')).toEqualTypeOf<string>()
    expectTypeOf(env.port('A', 3000)).toEqualTypeOf<number>()
    expectTypeOf(env.boolean('A', undefined)).toEqualTypeOf<boolean | undefined>()
    expectTypeOf(env.oneOf('A', ['a', 'b'])).toEqualTypeOf<'a' | 'b'>()
    // @ts-expect-error the default has to be one of the words
    env.oneOf('A', ['a', 'b'], 'c')
    // @ts-expect-error the default has to be a number
    env.integer('A', '3')
  })
})
