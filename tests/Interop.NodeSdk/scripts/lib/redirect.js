'use strict';
// Loaded before a script. The SDKs dial fixed ports of the hub's name; the emulator listens on free ones.
// Names, tokens and certificates stay what they are: only the address of a dial changes.

const net = require('node:net');

const ports = { 443: process.env.HUB_HTTPS_PORT, 8883: process.env.HUB_MQTT_PORT, 5671: process.env.HUB_AMQPS_PORT };
const connect = net.Socket.prototype.connect;

let devices = 0;

/** How often a device has dialled the hub's MQTT port through here. */
exports.connections = () => devices;

net.Socket.prototype.connect = function (...given) {
  const own = Array.isArray(given[0]) ? given[0] : given; // net.connect hands over its arguments as one array
  const wanted = own[0];
  if (wanted !== null && typeof wanted === 'object' && wanted.host === process.env.HUB_HOST) {
    devices += Number(wanted.port) === 8883 ? 1 : 0;
    own[0] = { ...wanted, host: '127.0.0.1', port: ports[wanted.port] ?? wanted.port };
  }

  return connect.apply(this, given);
};
