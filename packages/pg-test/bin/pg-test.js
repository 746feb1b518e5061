#!/usr/bin/env node
'use strict';
const {main} = require('../dist/cli/main');

async function run() {
  process.exitCode = await main(process.argv.slice(2));
}

void run();
