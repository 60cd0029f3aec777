import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FAULTS, type Row } from '../http/faults/table.ts'

const PAGE = 'docs/http.md'
const REPAIR = `vitest run test/docs/faults.test.ts --update writes the table of ${PAGE} again`

function row({ fault, answer, note }: Row): string {
  const [, interim = '', status = answer, rest = ''] = /^(100, )?(\d{3})(?: (.+))?$/.exec(answer) ?? []
  const said = [interim + status, rest && `\`${rest}\``].filter(Boolean).join(' ')
  return `| ${fault} | ${said}${note ? `: ${note}` : ''} |`
}

function tableOf([what, rows]: [string, readonly Row[]]): string {
  return [`| Faults of ${what} | Answer |`, '| --- | --- |', ...rows.map(row)].join('\n')
}

test(`the tables of faults in ${PAGE} are what the tests send and get`, async () => {
  const page = readFileSync(PAGE, 'utf8')
  const place = /^<!-- faults -->\n(?:.*\n)*?<!-- \/faults -->$/m
  expect(page).toMatch(place)
  const tables = Object.entries(FAULTS).map(tableOf).join('\n\n')
  const written = page.replace(place, () => `<!-- faults -->\n\n${tables}\n\n<!-- /faults -->`)
  await expect(written, REPAIR).toMatchFileSnapshot(`../../${PAGE}`)
})
