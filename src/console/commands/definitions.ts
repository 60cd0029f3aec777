/** @module What the console's own commands are called and take: apart from their classes, so that help loads nothing. */
import { defineCommand, flag } from '../define-command.ts'

const json = flag('as JSON')

export const listDefinition = defineCommand({
  name: 'list',
  description: 'List all commands, with those of the application.',
  options: { json },
  needs: [],
})

export const servicesDefinition = defineCommand({
  name: 'services',
  description: 'List what the container has bound, for how long it lives and who bound it.',
  options: { json },
  needs: [],
})

export const doctorDefinition = defineCommand({
  name: 'doctor',
  description: 'Check the platform, the whole service graph, and what the application depends on.',
  options: { json },
  // What is asynchronous is one of the things to check.
  needs: [],
})
