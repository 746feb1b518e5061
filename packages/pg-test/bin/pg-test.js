#!/usr/bin/env node
'use strict';
const {main} = require('../dist/cli/main');

main(process.argv.slice(2)).then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
