/** @module Applications whose modules bring routes, as these tests need them. */
import type { Application } from 'limber'
import type { Router } from 'limber/http'
import { partOwner } from '../../support/part-owner.ts'
import { type ServeOptions, serving } from '../serve-routes.ts'

/** Adds a module with one routes file through the port, as whoever loads modules does. */
export async function addModule(
  app: Application,
  name: string,
  add: (router: Router) => void | Promise<void>,
) {
  const remove = await partOf(app).add(partOwner(name), [
    { path: `modules/${name}/routes.ts`, exports: { default: add } },
  ])
  return (ms = 10_000) => remove(Date.now() + ms)
}

export function partOf(app: Application) {
  const part = app.tagged('module part').find(({ name }) => name === 'routes')
  if (!part) throw new Error('There is no such part.')
  return part
}

/** A server with one route of the application, listening. */
export const served = (options: ServeOptions = {}, add: (router: Router) => void = () => undefined) =>
  serving((router) => {
    router.get('/own', () => 'own')
    add(router)
  }, options)
