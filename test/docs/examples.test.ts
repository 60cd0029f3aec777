import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

interface Example {
  readonly source: string
  readonly line: number
  readonly code: string
}

/** The ts examples of a file: those of docstrings in code, all of them in a document. */
function examplesOf(source: string): Example[] {
  const text = readFileSync(source, 'utf8')
  const prefix = source.endsWith('.md') ? '' : '[ \\t]*\\*[ ]?'
  const fence = new RegExp(`^${prefix}\`\`\`ts\\n([\\s\\S]*?)^${prefix}\`\`\`$`, 'gm')
  return [...text.matchAll(fence)].map((match) => ({
    source,
    line: text.slice(0, match.index).split('\n').length + 1,
    code: (match[1] ?? '').replace(new RegExp(`^${prefix}`, 'gm'), ''),
  }))
}

/** Type-checks examples together, each as a module, and gives the errors at the places they come from. */
function faultsOf(examples: readonly Example[], folder: string): string[] {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const [index, { code }] of examples.entries()) {
    writeFileSync(path.join(folder, `example-${index}.ts`), code.replace(/^$/, 'export {}'))
  }
  const up = path.relative(folder, '.')
  const settings = {
    extends: `${up}/tsconfig.base.json`,
    compilerOptions: {
      noEmit: true,
      composite: false,
      incremental: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ['*.ts'],
  }
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const lines = compile(folder).split('\n')
  rmSync(folder, { recursive: true })
  return lines.flatMap((line) => {
    const match = /example-(\d+)\.ts\((\d+),\d+\): (.*)/.exec(line)
    // What is wrong in src itself is told by `tsc -b`.
    if (!match) return / error TS/.test(line) && !line.startsWith('src/') ? [line] : []
    const example = examples[Number(match[1])]
    return example ? [`${example.source}:${example.line + Number(match[2]) - 1} ${match[3]}`] : [line]
  })
}

function compile(folder: string): string {
  try {
    const tsc = path.resolve('node_modules/typescript/bin/tsc')
    return execFileSync(process.execPath, [tsc, '--project', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    })
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && error.stdout) return String(error.stdout)
    throw error
  }
}

test('every example in docstrings, the README and the guides compiles', { timeout: 120_000 }, () => {
  const sources = ['src/**/*.ts', 'README.md', 'docs/*.md'].flatMap((pattern) => globSync(pattern).sort())
  const examples = sources.flatMap(examplesOf)
  expect(examples.length).toBeGreaterThan(5)
  expect(faultsOf(examples, 'dist/examples')).toEqual([])
})

test('an example that does not compile is told with its file and line', () => {
  const wrong = {
    source: 'docs/guide.md',
    line: 10,
    code: 'export const fine = 1\nexport const size: number = "3"\n',
  }
  const faults = faultsOf([wrong], 'dist/examples-wrong')
  expect(faults).toEqual([expect.stringMatching(/^docs\/guide\.md:11 error TS2322/)])
})
