'use strict';
// A thousand messages as fast as the SDK takes them, with properties that need encoding.

const { Message } = require('azure-iot-device');
const { device } = require('./lib/device');
const { run } = require('./lib/scenario');

run(async () => {
  const client = device();
  await client.open();
  const count = Number(process.env.COUNT);
  const confirmed = [];
  const sent = [];
  for (let number = 1; number <= count; number++) {
    const message = new Message(JSON.stringify({ number }));
    message.messageId = `m-${number}`;
    message.correlationId = 'run 1/a';
    message.contentType = 'application/json';
    message.contentEncoding = 'utf-8';
    message.properties.add('number', String(number));
    message.properties.add('a&b', '50%=half + "é" /x?y#z');
    message.properties.add('empty', '');
    sent.push(client.sendEvent(message).then(() => confirmed.push(number)));
  }

  await Promise.all(sent);
  await client.close();
  return { confirmed };
});
