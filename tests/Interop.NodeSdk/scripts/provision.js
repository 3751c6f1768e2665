'use strict';
// Registers at the provisioning service, then connects to the hub that it was given, with the same key.

const { Message } = require('azure-iot-device');
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Mqtt, MqttWs } = require('azure-iot-provisioning-device-mqtt');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { device } = require('./lib/device');
const { describe, run } = require('./lib/scenario');

run(async () => {
  const { PROVISIONING_HOST, HUB_HOST, ID_SCOPE, REGISTRATION_ID, REGISTRATION_KEY, TRANSPORT, PAYLOAD } = process.env;
  const security = new SymmetricKeySecurityClient(REGISTRATION_ID, REGISTRATION_KEY);
  const client = ProvisioningDeviceClient.create(PROVISIONING_HOST ?? HUB_HOST, ID_SCOPE, TRANSPORT === 'ws' ? new MqttWs() : new Mqtt(), security);
  if (PAYLOAD) client.setProvisioningPayload(JSON.parse(PAYLOAD));
  let state;
  try {
    state = await client.register();
  } catch (error) {
    return { error: describe(error), result: error.result };
  }

  const assigned = device(`HostName=${state.assignedHub};DeviceId=${state.deviceId};SharedAccessKey=${REGISTRATION_KEY}`);
  await assigned.open();
  await assigned.sendEvent(new Message('provisioned'));
  await assigned.close();
  return { state };
});
