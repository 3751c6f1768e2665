'use strict';
// The digital twin client: reads and changes what a device reports and is asked for, and calls commands of the device and of a component.

const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { DigitalTwinClient, IoTHubTokenCredentials } = require('azure-iothub');
const { report } = require('./lib/device');
const { describe, once, run } = require('./lib/scenario');

const { DEVICE_CONNECTION_STRING, DEVICE_ID, SERVICE_CONNECTION_STRING } = process.env;

/** An answer without the SDK's own request and response around it. */
const plain = (answer) => ({ status: answer.xMsCommandStatuscode, eTag: answer._response.headers.get('etag'), body: JSON.parse(answer._response.bodyAsText) });

run(async () => {
  const twins = new DigitalTwinClient(new IoTHubTokenCredentials(SERVICE_CONNECTION_STRING));
  const client = Client.fromConnectionString(DEVICE_CONNECTION_STRING, Mqtt);
  await client.setOptions({ modelId: 'dtmi:com:example:Thermostat;1' });
  await client.open();
  client.onDeviceMethod('reboot', (request, response) => response.send(207, { delay: request.payload.delay }));
  client.onDeviceMethod('pump*start', (request, response) => response.send(200, 'started'));
  const twin = await client.getTwin();
  const asked = once(twin, 'properties.desired.target');
  await report(twin, { serial: 'x', pump: { __t: 'c', hours: 7 } });
  await twins.updateDigitalTwin(DEVICE_ID, [{ op: 'add', path: '/target', value: 20 }], '*');
  await asked;
  const read = await twins.getDigitalTwin(DEVICE_ID);
  const command = await twins.invokeCommand(DEVICE_ID, 'reboot', { delay: 5 });
  const ofComponent = await twins.invokeComponentCommand(DEVICE_ID, 'pump', 'start', {});
  const missing = await twins.getDigitalTwin('nobody').then(() => null, (error) => ({ status: error.statusCode, ...describe(error) }));
  await client.close();
  return { twin: plain(read), command: plain(command), ofComponent: plain(ofComponent), missing };
});
