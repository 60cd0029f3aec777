/** @module Prints how long the application of a test takes to boot, with its schema in memory. */
import { createTestApplication } from 'limber/testing'

const times: number[] = []
for (let i = 0; i < 11; i++) {
  const started = performance.now()
  const test = await createTestApplication()
  times.push(performance.now() - started)
  await test[Symbol.asyncDispose]()
}

const [first = 0, ...others] = times
const median = others.sort((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0
process.stdout.write(`first of a worker, which loads the ORM: ${first.toFixed(0)} ms\n`)
process.stdout.write(`every other, median of ${others.length}: ${median.toFixed(0)} ms\n`)
