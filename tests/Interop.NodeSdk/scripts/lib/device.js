'use strict';
// A device of the official SDK, made from what the test says.

const { Client } = require('azure-iot-device');
const { Mqtt, MqttWs } = require('azure-iot-device-mqtt');

/** The device of the test, not yet connected; TRANSPORT=ws takes the WebSocket. */
exports.device = (connectionString = process.env.DEVICE_CONNECTION_STRING) =>
  Client.fromConnectionString(connectionString, process.env.TRANSPORT === 'ws' ? MqttWs : Mqtt);

/** Reports a patch and waits for the hub's answer. Whatever was subscribed before has then been granted. */
exports.report = (twin, patch) =>
  new Promise((resolve, reject) => twin.properties.reported.update(patch, (error) => (error ? reject(error) : resolve())));

/** Gathers the values of an event, and lets a script wait for a certain one. */
exports.gather = (emitter, name, read = (value) => value) => {
  const seen = [];
  const waiting = [];
  emitter.on(name, (value) => {
    seen.push(read(value));
    for (const check of [...waiting]) check();
  });
  const until = (wanted) =>
    new Promise((resolve) => {
      const check = () => {
        const found = seen.find(wanted);
        if (found !== undefined) resolve(found);
      };
      waiting.push(check);
      check();
    });
  return { seen, until };
};
