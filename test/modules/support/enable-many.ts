/** @module A process that enables five modules, one after the other. */
import { EnabledModules } from 'limber/modules'

const [, , folder = '', name = ''] = process.argv
const modules = new EnabledModules(folder)
for (let index = 0; index < 5; index++) {
  await modules.set(`${name}${index}`, { permissions: [], version: '1.0.0' })
}
