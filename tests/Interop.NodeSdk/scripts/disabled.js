'use strict';
// The device is disabled while it is connected, tries again, and is enabled again.

const { NoRetry } = require('azure-iot-common');
const { Message } = require('azure-iot-device');
const { device } = require('./lib/device');
const { describe, failure, once, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

run(async () => {
  const service = registry();
  const client = device();
  client.setRetryPolicy(new NoRetry()); // so that each loss and each refusal is told
  await client.open();
  await client.sendEvent(new Message('before'));

  const disconnected = once(client, 'disconnect');
  await service.update({ deviceId: process.env.DEVICE_ID, status: 'disabled', statusReason: 'stolen' });
  const loss = describe((await disconnected).transportObj);
  const refusal = await failure(client.sendEvent(new Message('while disabled')));

  await service.update({ deviceId: process.env.DEVICE_ID, status: 'enabled' });
  await client.sendEvent(new Message('after'));
  await client.close();
  return { loss, refusal };
});
