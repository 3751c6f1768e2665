'use strict';
// A device uploads a file, and the service is told.

const { Readable } = require('node:stream');
const { device } = require('./lib/device');
const { run } = require('./lib/scenario');
const { openService, receiver } = require('./lib/service');

run(async () => {
  const service = await openService();
  const notifications = await receiver(service, 'getFileNotificationReceiver');
  const told = new Promise((resolve) => {
    notifications.on('message', async (message) => {
      await notifications.complete(message);
      resolve(JSON.parse(message.data.toString()));
    });
  });
  await device().uploadToBlob('logs/run.bin', Readable.from([Buffer.from('hello')], { objectMode: false }), 5);
  const notification = await told;
  await service.close();
  return { notification };
});
