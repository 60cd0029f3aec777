import path from 'node:path'
import { expect, test } from 'vitest'
import { ModuleFolder } from './module-folder.ts'

test('rolldown makes of a file what its runner calls: where this fails, src/modules/code/compiler.ts has to follow', async () => {
  const { loadCompiler, PARAMETERS, START } = await import(path.resolve('src/modules/code/compiler.ts'))
  const text = `import { a } from './a.ts'\nexport * from './b.ts'\nexport default [import.meta.url, import('./c.ts'), a]`
  const module = new ModuleFolder({ 'provider.ts': text })
  const compile = await loadCompiler()
  const { code, imports, exports, stars } = await compile(path.join(module.folder, 'provider.ts'), String)
  for (const name of PARAMETERS) expect(code).toContain(name)
  expect(code).toContain(`await ${PARAMETERS[0]}("${START}")`)
  expect({ imports, exports, stars }).toEqual({
    imports: [
      { specifier: './a.ts', names: ['a'], line: 1 },
      { specifier: './b.ts', names: [], line: 2 },
    ],
    exports: ['default'],
    stars: ['./b.ts'],
  })
})
