'use strict';
// The registry's jobs and content: all devices exported to a container and imported again, an Edge device with its modules, content for one device.

const { describe, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

const { CONTAINER_URI } = process.env;

const ended = async (devices, job) => {
  while (!['completed', 'failed'].includes(job.status)) {
    await new Promise((go) => setTimeout(go, 50));
    job = (await devices.getJob(job.jobId)).responseBody ?? (await devices.getJob(job.jobId));
  }

  return job;
};

const bodyOf = (answer) => answer.responseBody ?? answer;

run(async () => {
  const devices = registry();
  const exported = await ended(devices, bodyOf(await devices.exportDevicesToBlob(CONTAINER_URI, false)));
  await devices.delete('dev-01');
  const imported = await ended(devices, bodyOf(await devices.importDevicesFromBlob(CONTAINER_URI, CONTAINER_URI)));
  const { responseBody: back } = await devices.get('dev-01');
  const jobs = bodyOf(await devices.listJobs());
  await devices.create({ deviceId: 'edge', capabilities: { iotEdge: true } });
  await devices.applyConfigurationContentOnDevice('edge', {
    modulesContent: { $edgeAgent: { 'properties.desired': { modules: { filter: { type: 'docker' } } } }, filter: { 'properties.desired': { threshold: 3 } } },
  });
  const { responseBody: modules } = await devices.getModulesOnDevice('edge');
  const { responseBody: filter } = await devices.getModuleTwin('edge', 'filter');
  const refused = await devices.applyConfigurationContentOnDevice('dev-01', { modulesContent: { m: {} } }).then(() => null, describe);
  return { exported, imported, key: back.authentication.symmetricKey.primaryKey, jobs, modules: modules.map((one) => one.moduleId), threshold: filter.properties.desired.threshold, refused };
});
