'use strict';
// The identity registry through the service's SDK: create, read, change, list, delete; devices and, under their entity tags, modules.

const { Registry } = require('azure-iothub');
const { failure, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

const deviceId = 'new:(1)%x';
const newKey = Buffer.alloc(32, 7).toString('base64');
const newKeys = { type: 'sas', symmetricKey: { primaryKey: newKey, secondaryKey: newKey } };

const devices = async (service) => {
  const { responseBody: created } = await service.create({ deviceId, status: 'enabled' });
  const again = await failure(service.create({ deviceId }));
  const { responseBody: read } = await service.get(deviceId);
  const { responseBody: changed } = await service.update({ deviceId, status: 'disabled', statusReason: 'test' });
  const { responseBody: list } = await service.list();
  return { created, again, read, changed, list: list.map((device) => device.deviceId) };
};

// The promise form of this call fails in the SDK itself when it is given a module.
const removeModule = (service, module) =>
  new Promise((resolve, reject) => service.removeModule(module, (error) => (error ? reject(error) : resolve())));

const modules = async (service) => {
  const { responseBody: created } = await service.addModule({ deviceId, moduleId: 'm1' });
  const { responseBody: changed } = await service.updateModule({ ...created, authentication: newKeys }, false);
  const stale = await failure(service.updateModule({ ...created, authentication: newKeys }, false));
  const { responseBody: list } = await service.getModulesOnDevice(deviceId);
  const staleRemoval = await failure(removeModule(service, created));
  await removeModule(service, changed);
  const gone = await failure(service.getModule(deviceId, 'm1'));
  return { created, changed, stale, staleRemoval, list: list.map((module) => module.moduleId), gone };
};

run(async () => {
  const service = registry();
  const findings = { devices: await devices(service), modules: await modules(service) };
  await service.delete(deviceId);
  const gone = await failure(service.get(deviceId));
  const goneAgain = await failure(service.delete(deviceId));
  const stranger = Registry.fromConnectionString(process.env.SERVICE_CONNECTION_STRING.replace(/SharedAccessKey=.{8}/, 'SharedAccessKey=AAAAAAAA'));
  const unauthorized = await failure(stranger.list());
  return { ...findings, gone, goneAgain, unauthorized };
});
