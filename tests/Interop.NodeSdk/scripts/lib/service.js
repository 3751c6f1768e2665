'use strict';
// The service side of the official SDK.

const { Amqp, AmqpWs, Client, Registry } = require('azure-iothub');

const connectionString = process.env.SERVICE_CONNECTION_STRING;

exports.registry = () => Registry.fromConnectionString(connectionString);

const client = Client.fromConnectionString(connectionString);

/** Calls a method of the test's device; waits for a device that is about to subscribe. */
exports.invoke = async (methodName, payload, times = { responseTimeoutInSeconds: 30, connectTimeoutInSeconds: 30 }, deviceId = process.env.DEVICE_ID) => {
  const { result } = await client.invokeDeviceMethod(deviceId, { methodName, payload, ...times });
  return result;
};

/** The service client with its AMQP connection open; TRANSPORT=ws takes the WebSocket. */
exports.openService = async () => {
  const opened = Client.fromConnectionString(connectionString, process.env.TRANSPORT === 'ws' ? AmqpWs : Amqp);
  await opened.open();
  return opened;
};

/** The receiver of feedback or of file notifications: getFeedbackReceiver or getFileNotificationReceiver. */
exports.receiver = (opened, which) => new Promise((resolve, reject) => opened[which]((error, found) => (error ? reject(error) : resolve(found))));
