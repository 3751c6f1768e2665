'use strict';
// A device over HTTPS: one event, a batch, and cloud-to-device messages that it completes, abandons and rejects. With CERT_FILE it has a certificate.

const fs = require('node:fs');
const { Client, Message } = require('azure-iot-device');
const { Http } = require('azure-iot-device-http');
const { gather } = require('./lib/device');
const { run, step, proceed } = require('./lib/scenario');

run(async () => {
  const { DEVICE_CONNECTION_STRING, CERT_FILE, KEY_FILE } = process.env;
  const client = Client.fromConnectionString(DEVICE_CONNECTION_STRING, Http);
  if (CERT_FILE) await client.setOptions({ cert: fs.readFileSync(CERT_FILE, 'utf8'), key: fs.readFileSync(KEY_FILE, 'utf8') });
  await client.open();
  const event = new Message('{"t":1}');
  event.messageId = 'm1';
  event.contentType = 'application/json';
  event.properties.add('level', 'high');
  await client.sendEvent(event);
  const batch = ['one', 'two'].map((text) => new Message(text));
  batch[0].properties.add('a', '1');
  await client.sendEventBatch(batch);

  step('sent');
  await proceed();
  client.setTransportOptions?.({ http: { receivePolicy: { interval: 1 } } });
  const taken = [];
  const settled = [];
  let abandoned = false;
  const messages = gather(client, 'message', (message) => message.messageId);
  client.on('message', (message) => {
    taken.push({ id: message.messageId, text: message.data.toString(), properties: message.properties.propertyList });
    if (message.messageId === 'twice' && !abandoned) {
      abandoned = true;
      client.abandon(message).then(() => settled.push('abandon'));
    } else if (message.messageId === 'refused') {
      client.reject(message).then(() => settled.push('reject'));
    } else {
      client.complete(message).then(() => settled.push('complete'));
    }
  });
  await messages.until((id) => id === 'refused');
  while (settled.length < 3) await new Promise((resolve) => setTimeout(resolve, 50));
  await client.close();
  return { taken, settled };
});
