'use strict';
// A first connection that the hub refuses.

const { device } = require('./lib/device');
const { failure, run } = require('./lib/scenario');

run(() => failure(device().open()));
