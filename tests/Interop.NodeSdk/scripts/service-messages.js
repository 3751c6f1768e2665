'use strict';
// Cloud-to-device messages from the service's SDK to the device's, the feedback on them, and what cannot be sent.

const { Message } = require('azure-iot-common');
const { device } = require('./lib/device');
const { failure, run } = require('./lib/scenario');
const { openService, receiver } = require('./lib/service');

const message = (id, text, properties = {}) => {
  const made = new Message(text);
  made.messageId = id;
  made.ack = 'full';
  made.contentType = 'text/plain; charset=utf-8';
  for (const [key, value] of Object.entries(properties)) made.properties.add(key, value);
  return made;
};

run(async () => {
  const id = process.env.DEVICE_ID;
  const service = await openService();
  const feedback = await receiver(service, 'getFeedbackReceiver');
  const told = new Promise((resolve) => {
    const records = [];
    feedback.on('message', async (batch) => {
      records.push(...JSON.parse(batch.data.toString()));
      await feedback.complete(batch);
      if (records.some((record) => record.originalMessageId === 'last')) resolve(records);
    });
  });

  const client = device();
  const taken = [];
  const last = new Promise((resolve) => {
    client.on('message', (arrived) => {
      taken.push({ id: arrived.messageId, text: arrived.data.toString(), to: arrived.to, properties: arrived.properties.propertyList });
      client.complete(arrived).then(() => arrived.messageId === 'last' && resolve());
    });
  });
  await client.open();
  await client.getTwin(); // its answer follows the grant of the messages

  await service.send(id, message('first', '21 °C', { 'a&b': '50%=half /x' }));
  await service.send(id, message('3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'a message id that AMQP takes for a UUID'));
  await service.send(id, message('last', ''));
  await last;
  const unknown = await failure(service.send('nobody', message('lost', '')));
  const records = await told;
  await client.close();

  for (let number = 0; number < 50; number++) await service.send('dev-02', message(`full-${number}`, ''));
  const full = await failure(service.send('dev-02', message('one-more', '')));
  await service.close();
  return { taken, records, unknown, full };
});
