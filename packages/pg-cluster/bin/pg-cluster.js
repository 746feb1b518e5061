#!/usr/bin/env node
'use strict';
const {main} = require('../dist/command');

async function run() {
  process.exitCode = await main(process.argv.slice(2));
}

void run();
