/** @module limber/testing: the kit for tests of applications, which our own tests use too. */
export * from './assert-query-count.ts'
export * from './captured-stream.ts'
export * from './create-test-application.ts'
export type * from './rollback.ts'
export * from './test-application.ts'
