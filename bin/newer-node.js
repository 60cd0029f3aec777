// Runs limber again on a Node that is new enough, when the project has one. Parses on Node 14.18 and later.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
const here = path.dirname(fileURLToPath(import.meta.url))
const node = findNode(process.cwd()) ?? findNode(here)

if (node) runAgain(node)
else {
  process.exitCode = 1
  console.error(
    `limber needs Node.js ${NEEDED} or newer; this is ${process.version} (${process.execPath}).\n` +
      `  hint  Install a newer Node.js, or add one to this project: npm install --save-dev node@${NEEDED}`,
  )
}

/** @param {string} start the folder to look in first, then in those above it */
function findNode(start) {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const manifest = path.join(folder, 'node_modules', 'node', 'package.json')
    const executable = path.join(
      folder,
      'node_modules',
      'node',
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    )
    if (existsSync(manifest) && existsSync(executable)) {
      const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
      if (Number(String(version).split('.')[0]) >= NEEDED) return executable
    }
    if (path.dirname(folder) === folder) return undefined
  }
}

/** @param {string} executable */
function runAgain(executable) {
  const PATH = [path.dirname(executable), process.env.PATH].filter(Boolean).join(path.delimiter)
  const child = spawn(executable, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, PATH },
  })
  const handOn = (signal) => child.kill(signal)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']
  for (const signal of signals) process.on(signal, handOn)
  child.on('error', (error) => {
    process.exitCode = 1
    console.error(`limber could not start ${executable}: ${error.message}`)
  })
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeListener(name, handOn)
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
}
