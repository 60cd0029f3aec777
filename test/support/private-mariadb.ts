/** @module A MariaDB server of one's own, in a temporary folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ADA, type PrivateServer, type TlsFiles } from './private-server.ts'
import { findProgram, freePort, runProgram, ServerProcess } from './server-process.ts'

export const MARIADB_PROGRAMS = ['mariadbd', 'mariadb-install-db']

const SMALL = ['--innodb-buffer-pool-size=8M', '--innodb-log-file-size=4M', '--innodb-flush-method=nosync']

const INIT = `create user if not exists ${ADA.user} identified by '${ADA.password}';
grant all on *.* to ${ADA.user};
`

export async function privateMariaDb(tls?: TlsFiles): Promise<PrivateServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-mariadb-'))
  const data = path.join(folder, 'data')
  // It refuses to run as root unless it is told to.
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const place = ['--no-defaults', ...user, `--datadir=${data}`]
  await runProgram('mariadb-install-db', [
    ...place,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...SMALL,
  ])
  const init = path.join(folder, 'init.sql')
  writeFileSync(init, INIT)
  const port = await freePort()
  const server = new ServerProcess({
    command: findProgram('mariadbd') ?? 'mariadbd',
    argv: [
      ...place,
      ...SMALL,
      `--socket=${path.join(folder, 'socket')}`,
      `--pid-file=${path.join(folder, 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      `--init-file=${init}`,
      '--skip-name-resolve',
      '--innodb-flush-log-at-trx-commit=2',
      ...(tls ? [`--ssl-cert=${tls.cert}`, `--ssl-key=${tls.key}`] : []),
    ],
    ready: 'ready for connections',
    stopSignal: 'SIGTERM',
  })
  const remove = async () => {
    await server.kill()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  await server.start().catch((error) => remove().then(() => Promise.reject(error)))
  return { title: 'MariaDB', port, ...ADA, database: 'mysql', process: server, remove }
}
