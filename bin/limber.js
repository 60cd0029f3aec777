#!/usr/bin/env node
// Has to parse on any Node, so that an old one is told what to do instead of failing on syntax it does not know.
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24

import(isNewEnough ? './start.js' : './newer-node.js')
