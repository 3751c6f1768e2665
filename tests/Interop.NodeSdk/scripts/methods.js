'use strict';
// Methods of a device, called by the service's SDK: answers with status and payload, whatever JSON it is.

const { device } = require('./lib/device');
const { run } = require('./lib/scenario');
const { invoke } = require('./lib/service');

run(async () => {
  const client = device();
  await client.open();
  client.onDeviceMethod('echo', (request, response) => response.send(200, request.payload));
  client.onDeviceMethod('refuse', (request, response) => response.send(404, { reason: `no ${request.payload}` }));
  client.onDeviceMethod('led*toggle', (request, response) => response.send(202));
  const answers = [];
  for (const payload of [{ a: [1, { b: 'é' }] }, 'text', 0, [], null]) {
    answers.push(await invoke('echo', payload));
  }

  answers.push(await invoke('refuse', 'bread'));
  answers.push(await invoke('led*toggle', {}));
  const together = await Promise.all(Array.from({ length: 20 }, (_, number) => invoke('echo', number)));
  await client.close();
  return { answers, together: together.map((answer) => answer.payload) };
});
