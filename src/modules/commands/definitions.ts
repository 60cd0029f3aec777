/** @module What the commands of modules are called and take; light, so that help loads nothing else. */
import { defineCommand, flag, text } from '../../console/define-command.ts'

const json = flag('print JSON')
const dryRun = flag('only say what would be done')
const yes = flag('consent to what the module asks for, without being asked')
const name = text('the module', { required: true })

export const list = defineCommand({
  name: 'module list',
  description: 'List the modules, their state and their permissions.',
  options: { json },
})

export const info = defineCommand({
  name: 'module info',
  description: 'Show all about one module: its manifest, its permissions, its database, what it has bound.',
  arguments: { name },
  options: { json },
})

// A module that cannot be loaded must not keep these from putting it right.
export const enable = defineCommand({
  name: 'module enable',
  description: 'Enable a module, once you consent to what it asks for.',
  arguments: { name },
  options: { yes, dryRun, json },
  needs: [],
})

export const disable = defineCommand({
  name: 'module disable',
  description: 'Disable a module. Its database stays.',
  arguments: { name },
  options: { dryRun, json },
  needs: [],
})

export const update = defineCommand({
  name: 'module update',
  description: 'Replace a module by a newer version, and migrate its database; all of it, or nothing.',
  arguments: { name },
  options: {
    from: text('a folder, a git repository (with #tag for a tag or branch), or a .tar.gz file', {
      required: true,
    }),
    force: flag('also a version that is not higher'),
    yes,
    dryRun,
    json,
  },
  needs: [],
})
