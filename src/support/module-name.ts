/** @module What the name of a module looks like: it becomes that of a file, a schema or a database. */

export const MODULE_NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
