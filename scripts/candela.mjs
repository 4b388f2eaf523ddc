#!/usr/bin/env node
// The package's `bin`: `candela <command> …` from a terminal, through the same bootstrap as every npm script.

import { bootstrap } from './bootstrap.mjs';

process.exitCode = await bootstrap('candela', process.argv.slice(2));
