'use strict';
// A twin from both sides: the device's SDK reports and is told, the service's SDK asks and reads.

const { device, gather, report } = require('./lib/device');
const { failure, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

const seen = ({ update, ...properties }) => properties; // what the SDK hangs beside the reported ones is a function

run(async () => {
  const client = device();
  await client.open();
  const twin = await client.getTwin();
  const fresh = { desired: { ...twin.properties.desired }, reported: seen(twin.properties.reported) };
  const pushed = gather(twin, 'properties.desired');
  const leaf = gather(twin, 'properties.desired.climate.interval');

  await report(twin, { firmware: { version: '1.0', build: 7 }, old: true, list: [1, 2] });
  await report(twin, { firmware: { build: null }, old: null, list: [3] });
  const refusal = await failure(report(twin, { bad: { $version: 1 } }));

  const { responseBody: found } = await registry().getTwin(process.env.DEVICE_ID);
  await found.update({ tags: { site: 'lab' }, properties: { desired: { climate: { interval: 5 }, old: 1 } } });
  await found.update({ properties: { desired: { old: null } } });
  await pushed.until((patch) => patch.$version === 3);
  const leaves = [...leaf.seen]; // before the next get, which tells every property again
  const merged = JSON.parse(JSON.stringify(twin.properties.desired));

  await twin.get();
  const read = { desired: twin.properties.desired, reported: seen(twin.properties.reported) };
  const { responseBody: service } = await registry().getTwin(process.env.DEVICE_ID);
  await client.close();
  return { fresh, refusal, pushed: pushed.seen, leaves, merged, read, service: service.toJSON() };
});
