/** @module A PostgreSQL server of one's own, in a temporary folder. */
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ADA, type PrivateServer, type TlsFiles } from './private-server.ts'
import { findProgram, freePort, type Identity, runProgram, ServerProcess } from './server-process.ts'

export const POSTGRES_PROGRAMS = ['postgres', 'initdb']

const SETTINGS = [
  'fsync=off',
  'full_page_writes=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=30',
]

export async function privatePostgres(tls?: TlsFiles): Promise<PrivateServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limber-postgres-'))
  const passwordFile = path.join(folder, 'password')
  writeFileSync(passwordFile, ADA.password)
  const identity = await unprivileged()
  const owned = [folder, passwordFile, ...(tls ? [tls.folder, tls.key, tls.cert] : [])]
  if (identity) for (const file of owned) chownSync(file, identity.uid, identity.gid)
  const data = path.join(folder, 'data')
  const login = ['-U', ADA.user, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
  await runProgram('initdb', ['-D', data, ...login, '--no-sync', '--locale=C', '-E', 'UTF8'], identity)
  const port = await freePort()
  const settings = tls
    ? [...SETTINGS, 'ssl=on', `ssl_cert_file=${tls.cert}`, `ssl_key_file=${tls.key}`]
    : SETTINGS
  const server = new ServerProcess({
    command: findProgram('postgres') ?? 'postgres',
    argv: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    ready: 'database system is ready to accept connections',
    stopSignal: 'SIGINT',
    ...(identity ? { identity } : {}),
  })
  const remove = async () => {
    await server.kill()
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
  }
  await server.start().catch((error) => remove().then(() => Promise.reject(error)))
  return { title: 'PostgreSQL', port, ...ADA, database: 'postgres', process: server, remove }
}

/** The server refuses to run as root. */
async function unprivileged(): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const user = await runProgram('id', ['-u', 'postgres']).then(
    () => 'postgres',
    () => 'nobody',
  )
  const [uid, gid] = await Promise.all(['-u', '-g'].map((option) => runProgram('id', [option, user])))
  return { uid: Number(uid), gid: Number(gid) }
}
