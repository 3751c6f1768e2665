'use strict';
// What a person does without any redirect: the gateway name carries the port, and the device trusts the authority by its own option.

const { Message } = require('azure-iot-device');
const { device } = require('./lib/device');
const { connections } = require('./lib/redirect');
const { run } = require('./lib/scenario');

run(async () => {
  const client = device(`${process.env.DEVICE_CONNECTION_STRING};GatewayHostName=localhost:${process.env.HUB_MQTT_PORT}`);
  await client.setOptions({ ca: process.env.HUB_CA_FILE });
  await client.open();
  await client.sendEvent(new Message('{"t":1}'));
  await client.close();
  return { redirected: connections() };
});
