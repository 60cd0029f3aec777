import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { appFolder, emptyFolder } from '../support/app-folder.ts'
import { type RunOptions, repository, runLimber } from '../support/run-limber.ts'

const recorder = fileURLToPath(new URL('./record-modules.ts', import.meta.url))

async function loadedBy(argv: readonly string[], options: RunOptions = {}) {
  const file = path.join(emptyFolder(), 'modules.txt')
  const nodeOptions = [...(options.nodeOptions ?? []), '--import', recorder]
  const ended = await runLimber(argv, { ...options, nodeOptions, env: { RECORD_MODULES: file } })
  return { ...ended, modules: readFileSync(file, 'utf8').split('\n') }
}

const HEAVY =
  /node_modules\/(inversify|@inversifyjs|@mikro-orm|fastify|reflect-metadata|pino)\/|\/config\/app\.ts$/

describe('help and version', () => {
  it.each([[['--help']], [['-h']], [['help']], [[]]])(
    'limber %j lists the commands in groups',
    async (argv) => {
      const { code, stdout, stderr } = await runLimber(argv, { cwd: emptyFolder() })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^Usage: limber <command>/)
      expect(stdout).toMatch(/^Commands:\n( {2}\w+ .*\n)*? {2}list +List all commands/m)
      expect(stdout).toMatch(/^db …:\n( {2}db .*\n)*? {2}db migrate +\w/m)
      expect(stdout).toContain('limber list')
    },
  )

  it.each([
    ['--help', /Usage: limber/],
    ['--version', /^\d+\.\d+\.\d+/],
    ['doctor --help', /Usage: limber doctor \[options\][\s\S]*--json/],
  ])('limber %s loads neither configuration nor container nor database nor server', async (line, answer) => {
    const { code, stdout, modules } = await loadedBy(line.split(' '))
    expect(code).toBe(0)
    expect(stdout).toMatch(answer)
    expect(modules.some((url) => url.endsWith('/src/main.ts'))).toBe(true)
    expect(modules.filter((url) => HEAVY.test(url))).toEqual([])
  })

  it('a command loads the configuration and the container, which shows that the record above sees them', async () => {
    const { modules } = await loadedBy(['list'])
    expect(modules.some((url) => /node_modules\/inversify\//.test(url))).toBe(true)
    expect(modules.some((url) => url.endsWith('shop/config/app.ts'))).toBe(true)
    expect(modules.filter((url) => /node_modules\/(@mikro-orm|fastify)\//.test(url))).toEqual([])
  })

  it('importing limber/console loads no container', async () => {
    const folder = appFolder({ 'import.mjs': "import 'limber/console'" })
    const bin = path.join(folder, 'import.mjs')
    const { code, modules } = await loadedBy([], { bin, nodeOptions: ['--conditions=limber:source'] })
    expect(code).toBe(0)
    expect(modules.some((url) => url.endsWith('/src/console/console-kernel.ts'))).toBe(true)
    expect(modules.filter((url) => HEAVY.test(url) || /\/commander\//.test(url))).toEqual([])
  })

  it('the version is the one of the package', async () => {
    const { version }: { version: string } = JSON.parse(
      readFileSync(path.join(repository, 'package.json'), 'utf8'),
    )
    const { stdout } = await runLimber(['--version'], { cwd: emptyFolder() })
    expect(stdout).toBe(`${version}\n`)
  })

  it('a command of the application explains its arguments and options', async () => {
    const { code, stdout } = await runLimber(['help', 'greet'])
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: limber greet [options] <name>')
    expect(stdout).toMatch(/-n, --how-often <value> +how many times \(default: 1\)/)
  })

  it('a group of the application lists its commands', async () => {
    const { code, stdout } = await runLimber(['shop', '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^shop …:\n {2}shop abandon .*\n {2}shop crash .*\n {2}shop flood .*\n {2}shop forget .*\n$/,
    )
  })
})
