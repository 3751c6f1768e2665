'use strict';
// The desired properties change while the device is away. Nothing is pushed for it; the device sees the gap in the versions and reads.

const { device, gather, report } = require('./lib/device');
const { run } = require('./lib/scenario');
const { registry } = require('./lib/service');

run(async () => {
  const change = async (desired) => (await registry().getTwin(process.env.DEVICE_ID)).responseBody.update({ properties: { desired } });
  const connect = async () => {
    const client = device();
    await client.open();
    return client;
  };

  const first = await connect();
  const before = await first.getTwin();
  before.on('properties.desired', () => {});
  await report(before, { round: 1 });
  await first.close();
  await change({ interval: 1, gone: 1 });
  await change({ interval: 2, gone: null });

  const second = await connect();
  const twin = await second.getTwin();
  const read = { ...twin.properties.desired };
  const versions = gather(twin, 'properties.desired', (patch) => patch.$version); // the one that was read, then those that are pushed
  await report(twin, { round: 2 });
  await change({ interval: 3 });
  await versions.until((version) => version === 4);
  await second.close();
  return { before: before.properties.desired.$version, read, versions: versions.seen };
});
