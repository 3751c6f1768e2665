'use strict';
// A twin changed from the service side: merge, replacement, entity tags.

const { failure, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

run(async () => {
  const service = registry();
  const id = process.env.DEVICE_ID;
  const { responseBody: first } = await service.getTwin(id);
  const { responseBody: second } = await service.updateTwin(id, { tags: { site: 'lab', floor: 1 }, properties: { desired: { a: { b: 1, c: 2 } } } }, first.etag);
  const stale = await failure(service.updateTwin(id, { tags: { site: 'late' } }, first.etag));
  const { responseBody: third } = await service.updateTwin(id, { tags: { floor: null }, properties: { desired: { a: { c: null } } } }, '*');
  const badKey = await failure(service.updateTwin(id, { properties: { desired: { 'x.y': 1 } } }, '*'));
  const unknown = await failure(service.getTwin('nobody'));
  return { first: first.toJSON(), second: second.toJSON(), stale, third: third.toJSON(), badKey, unknown };
});
