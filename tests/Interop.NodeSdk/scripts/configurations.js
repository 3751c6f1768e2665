'use strict';
// Automatic configurations: made, applied to the twins that the condition finds, heard of by the device, read, changed, deleted.

const { device, gather, report } = require('./lib/device');
const { failure, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

run(async () => {
  const service = registry();
  const client = device();
  await client.open();
  const twin = await client.getTwin();
  const desired = gather(twin, 'properties.desired', (patch) => patch.climate);
  await report(twin, { warm: true });
  await service.updateTwin('dev-01', { tags: { site: 'lab' } }, '*');
  const configuration = {
    id: 'lab',
    labels: { who: 'ops' },
    content: { deviceContent: { 'properties.desired.climate': { interval: 30 } } },
    targetCondition: "tags.site='lab'",
    priority: 10,
    metrics: { queries: { warm: "select deviceId from devices where configurations.[[lab]].status='Applied' and properties.reported.warm=true" } },
  };
  const { responseBody: made } = await service.addConfiguration(configuration);
  const heard = await desired.until((climate) => climate?.interval === 30);
  const again = await failure(service.addConfiguration(configuration));
  let read;
  do {
    read = (await service.getConfiguration('lab')).responseBody;
  } while (read.systemMetrics.results.appliedCount !== 1);

  const { responseBody: updated } = await service.updateConfiguration({ ...read, priority: 20, labels: { who: 'dev' } });
  const stale = await failure(service.updateConfiguration({ ...read, priority: 30 }));
  const { responseBody: list } = await service.getConfigurations();
  const statuses = (await service.createQuery("SELECT deviceId, configurations FROM devices WHERE configurations.[[lab]].status = 'Applied'").next()).result;
  await service.removeConfiguration('lab');
  const gone = await failure(service.getConfiguration('lab'));
  const { responseBody: after } = await service.getTwin('dev-01');
  await client.close();
  return { made, heard, again, read, updated, stale, list: list.map((one) => one.id), statuses, gone, kept: after.properties.desired.climate };
});
