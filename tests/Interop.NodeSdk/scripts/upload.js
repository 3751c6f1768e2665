'use strict';
// Uploads bytes of the given size, more than one block when it is over 4 MiB.

const { Readable } = require('node:stream');
const { device } = require('./lib/device');
const { describe, run } = require('./lib/scenario');

run(async () => {
  const client = device();
  const size = Number(process.env.SIZE);
  const content = Buffer.alloc(size);
  for (let index = 0; index < size; index++) content[index] = index % 251;
  try {
    await client.uploadToBlob(process.env.BLOB_NAME, Readable.from([content], { objectMode: false }), size);
    return { uploaded: size };
  } catch (error) {
    return { error: describe(error), inner: describe(error.innerError) };
  }
});
