/** @module A routes file that adds nothing. */
export default () => undefined
