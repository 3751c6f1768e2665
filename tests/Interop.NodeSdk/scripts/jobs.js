'use strict';
// Scheduled jobs: twins and methods of several devices, queries over jobs and over what they did, one that is cancelled.

const { JobClient } = require('azure-iothub');
const { device } = require('./lib/device');
const { describe, run } = require('./lib/scenario');
const { registry } = require('./lib/service');

const jobs = JobClient.fromConnectionString(process.env.SERVICE_CONNECTION_STRING);

const ended = async (id) => {
  for (;;) {
    const { jobStatus } = await jobs.getJob(id);
    if (['completed', 'failed', 'cancelled'].includes(jobStatus.status)) {
      return jobStatus;
    }

    await new Promise((go) => setTimeout(go, 50));
  }
};

run(async () => {
  const client = device();
  await client.open();
  client.onDeviceMethod('reboot', (request, response) => response.send(200, { delay: request.payload.delay }));
  const { jobStatus: made } = await jobs.scheduleTwinUpdate('twins', "deviceId IN ['dev-01','dev-02']", { etag: '*', tags: { wave: 1 }, properties: { desired: { rate: 5 } } }, new Date(), 60);
  const twins = await ended('twins');
  await jobs.scheduleDeviceMethod('methods', "tags.wave = 1 AND deviceId = 'dev-01'", { methodName: 'reboot', payload: { delay: 5 }, responseTimeoutInSeconds: 15 }, new Date(), 60);
  const methods = await ended('methods');
  await jobs.scheduleTwinUpdate('later', '*', { etag: '*', tags: { late: 1 } }, new Date(Date.now() + 3600000), 60);
  const { jobStatus: cancelled } = await jobs.cancelJob('later');
  const missing = await jobs.getJob('none').then(() => null, describe);
  const query = jobs.createQuery('scheduleUpdateTwin', undefined, 1);
  const listed = [];
  while (query.hasMoreResults) {
    listed.push(...(await query.next(query.continuationToken)).result.map((job) => job.jobId));
  }

  const parts = (await registry().createQuery("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'methods'").next()).result;
  const { responseBody: twin } = await registry().getTwin('dev-02');
  await client.close();
  return { made, twins, methods, cancelled, missing, listed, parts, tags: twin.tags, desired: twin.properties.desired.rate };
});
