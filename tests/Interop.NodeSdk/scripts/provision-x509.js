'use strict';
// Registers with a certificate, then connects to the hub that it was given, with the same certificate.

const fs = require('node:fs');
const { Client, Message } = require('azure-iot-device');
const { Mqtt: DeviceMqtt } = require('azure-iot-device-mqtt');
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Mqtt, MqttWs } = require('azure-iot-provisioning-device-mqtt');
const { X509Security } = require('azure-iot-security-x509');
const { describe, run } = require('./lib/scenario');

run(async () => {
  const { HUB_HOST, ID_SCOPE, REGISTRATION_ID, CERT_FILE, KEY_FILE, TRANSPORT } = process.env;
  const certificate = { cert: fs.readFileSync(CERT_FILE, 'utf8'), key: fs.readFileSync(KEY_FILE, 'utf8') };
  const client = ProvisioningDeviceClient.create(HUB_HOST, ID_SCOPE, TRANSPORT === 'ws' ? new MqttWs() : new Mqtt(), new X509Security(REGISTRATION_ID, certificate));
  let state;
  try {
    state = await client.register();
  } catch (error) {
    return { error: describe(error), result: error.result };
  }

  const assigned = Client.fromConnectionString(`HostName=${state.assignedHub};DeviceId=${state.deviceId};x509=true`, DeviceMqtt);
  await assigned.setOptions(certificate);
  await assigned.open();
  await assigned.sendEvent(new Message('provisioned'));
  await assigned.close();
  return { state };
});
