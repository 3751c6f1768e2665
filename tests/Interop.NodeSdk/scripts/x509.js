'use strict';
// A device with a certificate over TCP or WebSocket: telemetry, twin, method, and what a foreign certificate gets.

const fs = require('node:fs');
const { Client, Message } = require('azure-iot-device');
const { Mqtt, MqttWs } = require('azure-iot-device-mqtt');
const { report } = require('./lib/device');
const { failure, run } = require('./lib/scenario');
const { invoke } = require('./lib/service');

const { DEVICE_CONNECTION_STRING, CERT_FILE, KEY_FILE, OTHER_CERT_FILE, OTHER_KEY_FILE, TRANSPORT } = process.env;

const connect = async (certFile, keyFile) => {
  const client = Client.fromConnectionString(DEVICE_CONNECTION_STRING, TRANSPORT === 'ws' ? MqttWs : Mqtt);
  await client.setOptions({ cert: fs.readFileSync(certFile, 'utf8'), key: fs.readFileSync(keyFile, 'utf8') });
  await client.open();
  return client;
};

run(async () => {
  const refused = await failure(connect(OTHER_CERT_FILE, OTHER_KEY_FILE));
  const client = await connect(CERT_FILE, KEY_FILE);
  await client.sendEvent(new Message('with a certificate'));
  client.onDeviceMethod('echo', (request, response) => response.send(200, request.payload));
  const twin = await client.getTwin();
  await report(twin, { by: 'x509' });
  const method = await invoke('echo', { a: 1 });
  await client.close();
  return { refused, method: method.payload, reported: twin.properties.reported.by };
});
