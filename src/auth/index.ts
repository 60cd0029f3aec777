/** @module limber/auth: guards, the users behind requests, what they may do, and hashes of passwords. */
export {}
