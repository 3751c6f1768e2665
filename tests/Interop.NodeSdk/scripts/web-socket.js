'use strict';
// Telemetry, twin and method over the WebSocket, from one device.

const { Message } = require('azure-iot-device');
const { device, gather, report } = require('./lib/device');
const { run } = require('./lib/scenario');
const { invoke, registry } = require('./lib/service');

run(async () => {
  const client = device();
  await client.open();
  const bodies = Array.from({ length: 50 }, (_, number) => `${number}:${'x'.repeat(number * 100)}`); // up to and over one frame's short length
  await Promise.all(bodies.map((body) => client.sendEvent(new Message(body))));
  client.onDeviceMethod('echo', (request, response) => response.send(200, request.payload));
  const twin = await client.getTwin();
  const desired = gather(twin, 'properties.desired', (patch) => patch.interval);
  await report(twin, { transport: 'ws' });
  const { responseBody: found } = await registry().getTwin(process.env.DEVICE_ID);
  await found.update({ properties: { desired: { interval: 5 } } });
  await desired.until((interval) => interval === 5);
  const method = await invoke('echo', { big: 'y'.repeat(100_000) });
  await client.close();
  return { bodies, reported: found.properties.reported.transport, connectionState: found.connectionState, method: method.payload.big.length };
});
