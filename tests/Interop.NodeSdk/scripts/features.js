'use strict';
// A device with every feature on. Something happens to its connection: the test drops it, or the token is renewed (RENEW).
// Then everything must still arrive.

const { Message } = require('azure-iot-device');
const { device, gather, report } = require('./lib/device');
const { connections } = require('./lib/redirect');
const { proceed, run, step } = require('./lib/scenario');
const { invoke, registry } = require('./lib/service');

run(async () => {
  const client = device();
  await client.open();
  const messages = gather(client, 'message', (message) => message.messageId);
  client.onDeviceMethod('echo', (request, response) => response.send(200, request.payload));
  const twin = await client.getTwin();
  const desired = gather(twin, 'properties.desired', (patch) => patch.round);
  await report(twin, { ready: true });

  if (process.env.RENEW) {
    await client.setOptions({ tokenRenewal: { tokenValidTimeInSeconds: 3600, tokenRenewalMarginInSeconds: 900 } }); // renews at once
    await client.sendEvent(new Message('renewed')); // waits for the new connection
  }

  step('connected');
  await proceed();

  const method = await invoke('echo', { round: 2 }); // nothing else makes the device come back
  await client.sendEvent(new Message('after'));
  const { responseBody: found } = await registry().getTwin(process.env.DEVICE_ID);
  await found.update({ properties: { desired: { round: 2 } } });
  await desired.until((round) => round === 2);
  step('expecting a message');
  await messages.until((id) => id === 'second');
  await report(twin, { done: true });
  await client.close();

  return { connections: connections(), method, desired: desired.seen, messages: messages.seen };
});
