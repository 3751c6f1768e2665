'use strict';
// The service side of provisioning: enrolments made, changed, listed, several at once; a device of a group registers over HTTPS, and its registration is read and forgotten.

const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Http } = require('azure-iot-provisioning-device-http');
const { ProvisioningServiceClient } = require('azure-iot-provisioning-service');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { describe, run } = require('./lib/scenario');

const client = ProvisioningServiceClient.fromConnectionString(process.env.SERVICE_CONNECTION_STRING);
const symmetric = { type: 'symmetricKey' };

/** All items of a query; the SDK gives them to a callback only. */
const all = async (query) => {
  const items = [];
  do {
    items.push(...(await new Promise((resolve, reject) => query.next((error, page) => (error ? reject(error) : resolve(page))))));
  } while (query.hasMoreResults);
  return items;
};

const bulk = (mode, ...ids) =>
  new Promise((resolve, reject) =>
    client.runBulkEnrollmentOperation({ mode, enrollments: ids.map((registrationId) => ({ registrationId, attestation: symmetric })) }, (error, result) => (error ? reject(error) : resolve(result))));

run(async () => {
  const { HUB_HOST, ID_SCOPE, REGISTRATION_ID, REGISTRATION_KEY } = process.env;
  const { responseBody: made } = await client.createOrUpdateIndividualEnrollment({ registrationId: 'single', deviceId: 'cellar', attestation: symmetric, initialTwin: { tags: { floor: -1 } } });
  const { responseBody: changed } = await client.createOrUpdateIndividualEnrollment({ ...made, provisioningStatus: 'disabled' });
  const stale = await client.createOrUpdateIndividualEnrollment(made).then(() => null, describe);
  const { responseBody: keys } = await client.getIndividualEnrollmentAttestationMechanism('single');
  const created = await bulk('create', 'a', 'b', 'single');
  const singles = await all(client.createIndividualEnrollmentQuery({ query: 'SELECT * FROM enrollments' }, 2));
  const groups = await all(client.createEnrollmentGroupQuery({ query: '*' }));
  const state = await ProvisioningDeviceClient.create(HUB_HOST, ID_SCOPE, new Http(), new SymmetricKeySecurityClient(REGISTRATION_ID, REGISTRATION_KEY)).register();
  const { responseBody: registration } = await client.getDeviceRegistrationState(REGISTRATION_ID);
  const ofGroup = await all(client.createEnrollmentGroupDeviceRegistrationStateQuery({ query: '*' }, groups[0].enrollmentGroupId));
  await client.deleteDeviceRegistrationState(registration);
  const forgotten = await client.getDeviceRegistrationState(REGISTRATION_ID).then(() => null, describe);
  const deleted = await bulk('delete', 'a', 'b');
  await client.deleteIndividualEnrollment(changed);
  return { made, changed, stale, keys, created, singles: singles.map((one) => one.registrationId), groups: groups.map((one) => one.enrollmentGroupId), state, registration, ofGroup, forgotten, deleted };
});
