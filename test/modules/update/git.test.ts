/** Git is called so that neither names nor logins get where they do not belong. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { emptyFolder, write } from '../../support/app-folder.ts'
import { makeCertificates } from '../../support/certificates.ts'
import { areInstalled } from '../../support/server-process.ts'
import { openShop, shopFiles } from '../support/shop.ts'

const git = (cwd: string, ...argv: string[]) =>
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...argv], {
    cwd,
    stdio: 'pipe',
  })

function repositoryIn(folder: string): string {
  mkdirSync(folder, { recursive: true })
  write(folder, shopFiles({ version: '1.3.0' }))
  git(folder, 'init', '--quiet', '--initial-branch=main')
  git(folder, 'add', '.')
  git(folder, 'commit', '--quiet', '-m', 'first')
  return folder
}

/** What every process of the machine was called with. */
function commandLines(): string[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return numbers.flatMap((number) => {
    try {
      return [readFileSync(`/proc/${number}/cmdline`, 'utf8')]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

describe('a module from git', { timeout: 60_000 }, () => {
  it.each(['shop@1.3.0', 'été/1'])('is taken from the tag "%s"', async (tag) => {
    const shop = await openShop()
    const source = repositoryIn(emptyFolder())
    git(source, 'tag', tag)
    const { code, stderr } = await shop.update(`${source}#${tag}`)
    expect(code, stderr).toBe(0)
  })

  it('is taken from a folder whose name looks like an encoded one', async () => {
    const shop = await openShop()
    const source = repositoryIn(path.join(emptyFolder(), 'a %41 b?c'))
    const { code, stderr } = await shop.update(source)
    expect(code, stderr).toBe(0)
  })

  it('is taken also where a hook of git has set its variables', async () => {
    const shop = await openShop()
    const source = repositoryIn(emptyFolder())
    for (const name of ['GIT_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR']) vi.stubEnv(name, '/nowhere')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { code, stderr } = await shop.update(source)
    expect(code, stderr).toBe(0)
  })

  it.runIf(areInstalled('openssl', 'git'))(
    'keeps the login of its URL out of the list of processes',
    async () => {
      const certificates = await makeCertificates()
      onTestFinished(() => certificates.remove())
      const seen: (string | undefined)[] = []
      const told: string[] = []
      const [cert, key] = [readFileSync(certificates.cert), readFileSync(certificates.key)]
      const server = createServer({ cert, key }, (request, response) => {
        seen.push(request.headers.authorization)
        told.push(...commandLines().filter((line) => line.includes('remote-https')))
        response.writeHead(404).end()
      })
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      vi.stubEnv('GIT_SSL_CAINFO', path.join(certificates.folder, 'ca.crt'))
      onTestFinished(() => void vi.unstubAllEnvs())
      const shop = await openShop()
      const { port } = server.address() as { port: number }
      const refused = await shop.update(`https://ada:s%3Acr%20t@127.0.0.1:${port}/shop.git`)
      expect(refused.code).toBe(2)
      expect(refused.stdout + refused.stderr).not.toMatch(/s%3Acr%20t|s:cr t/)
      expect(seen[0]).toBe(`Basic ${Buffer.from('ada:s:cr t').toString('base64')}`)
      expect(told.length).toBeGreaterThan(0)
      expect(told.join('\n')).not.toMatch(/s%3Acr%20t|s:cr t/)
    },
  )
})
