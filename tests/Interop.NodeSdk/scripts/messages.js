'use strict';
// Takes cloud-to-device messages until the one called 'last'. With DIE_AT the process dies in the middle of that one, before the SDK acknowledges it.

const { device } = require('./lib/device');
const { run, step } = require('./lib/scenario');

run(async () => {
  const client = device();
  const taken = [];
  const last = new Promise((resolve) => {
    client.on('message', (message) => {
      if (message.messageId === process.env.DIE_AT) {
        process.kill(process.pid, 'SIGKILL');
      }

      taken.push({
        id: message.messageId,
        text: message.data.toString(),
        contentType: message.contentType,
        properties: Object.fromEntries(message.properties.propertyList.map(({ key, value }) => [key, value])),
      });
      client.complete(message).then(() => message.messageId === 'last' && resolve());
    });
  });
  await client.open(); // after the listener: what waits for a stored session comes right behind the CONNACK
  await client.getTwin(); // its answer follows the grant of the messages
  step('listening');
  await last;
  await client.close();
  return { taken };
});
