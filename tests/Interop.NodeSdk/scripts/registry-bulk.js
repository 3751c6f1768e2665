'use strict';
// The registry's bulk calls, queries with pages and groups, statistics, and certificates.

const { failure, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

const all = async (query) => {
  const pages = [];
  while (query.hasMoreResults) {
    const { result } = await query.nextAsTwin();
    pages.push(result.map((twin) => twin.deviceId));
  }

  return pages;
};

run(async () => {
  const service = registry();
  const ids = Array.from({ length: 25 }, (_, number) => `bulk-${String(number).padStart(2, '0')}`);
  const { responseBody: added } = await service.addDevices(ids.map((deviceId) => ({ deviceId, status: 'enabled' })));
  const { responseBody: listed } = await service.list();
  const updated = (await service.updateDevices(listed.slice(0, 5).map((device) => ({ ...device, status: 'disabled', statusReason: 'bulk' })), false)).responseBody;
  const stale = await failure(service.updateDevices(listed.slice(0, 5).map((device) => ({ ...device, status: 'enabled' })), false));
  const { responseBody: first } = await service.getTwin('bulk-10');
  await service.updateTwin('bulk-10', { tags: { site: 'lab' }, properties: { desired: { interval: 5 } } }, first.etag);
  const pages = await all(service.createQuery("SELECT * FROM devices WHERE status = 'enabled'", 10));
  const tagged = await all(service.createQuery("SELECT * FROM devices WHERE tags.site = 'lab' AND properties.desired.interval > 4"));
  const groups = (await service.createQuery('SELECT status, COUNT() AS number FROM devices GROUP BY status').next()).result;
  const broken = await failure(service.createQuery('SELECT * FROM devices ORDER BY deviceId').next());
  const { responseBody: statistics } = await service.getRegistryStatistics();
  const { responseBody: removed } = await service.removeDevices(ids.map((deviceId) => ({ deviceId })), true);
  const { responseBody: certificate } = await service.create({ deviceId: 'cert-1', authentication: { x509Thumbprint: { primaryThumbprint: 'A'.repeat(40), secondaryThumbprint: 'B'.repeat(64) } } });
  const { responseBody: authority } = await service.create({ deviceId: 'cert-2', authentication: { type: 'certificateAuthority' } });
  const jobs = (await service.listJobs()).responseBody ?? (await service.listJobs());
  return { added, updated, stale, pages, tagged, groups, broken, statistics, removed, certificate, authority, jobs };
});
