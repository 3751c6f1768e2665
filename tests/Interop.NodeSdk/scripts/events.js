'use strict';
// A device's telemetry, read at the built-in endpoint by the Event Hubs SDK.

globalThis.crypto ??= require('node:crypto').webcrypto; // a global from Node.js 20 on; Debian 12 brings 18

const { EventHubConsumerClient, earliestEventPosition } = require('@azure/event-hubs');
const { Message } = require('azure-iot-device');
const { device } = require('./lib/device');
const { run } = require('./lib/scenario');

const count = 20;

/** Over a WebSocket the SDK dials port 443 of the endpoint's host, whatever port the connection string has. */
function readerOver(transport) {
  const given = process.env.EVENT_HUB_CONNECTION_STRING;
  return transport === 'ws'
    ? new EventHubConsumerClient('$Default', given.replace(/sb:\/\/[^/]+/, `sb://${process.env.HUB_HOST}`), { webSocketOptions: { webSocket: require('ws') } })
    : new EventHubConsumerClient('$Default', given);
}

run(async () => {
  const client = device();
  await client.open();
  for (let number = 1; number <= count; number++) {
    const message = new Message(JSON.stringify({ number }));
    message.messageId = `m-${number}`;
    message.contentType = 'application/json';
    message.contentEncoding = 'utf-8';
    message.properties.add('a&b', '50%=half');
    await client.sendEvent(message);
  }

  const reader = readerOver(process.env.TRANSPORT);
  const partitions = await reader.getPartitionIds();
  const events = [];
  await new Promise((resolve, reject) => {
    reader.subscribe(
      {
        processEvents: async (arrived, context) => {
          for (const { body, properties, systemProperties, messageId, contentType, sequenceNumber } of arrived) {
            events.push({ body, properties, systemProperties, messageId, contentType, sequenceNumber, partition: context.partitionId });
          }

          if (events.length >= count) resolve();
        },
        processError: async (error) => reject(error),
      },
      { startPosition: earliestEventPosition, maxWaitTimeInSeconds: 1 },
    );
  });
  const [first] = events;
  const properties = await reader.getPartitionProperties(first.partition);
  await reader.close();
  await client.close();
  return { partitions, events, last: properties.lastEnqueuedSequenceNumber };
});
