'use strict';
// Calls that come to nothing, and how the service's SDK names it.

const { device, report } = require('./lib/device');
const { describe, run } = require('./lib/scenario');
const { invoke } = require('./lib/service');

const failure = async (...call) => {
  try {
    await invoke(...call);
  } catch (error) {
    const { body } = error.response ? { body: error.responseBody } : error;
    return { ...describe(error), status: error.response?.statusCode, code: error.response?.headers['iothub-errorcode'], body };
  }

  throw new Error('It should have failed.');
};

run(async () => {
  const short = { responseTimeoutInSeconds: 5, connectTimeoutInSeconds: 0 };
  const offline = await failure('any', {}, short);
  const unknown = await failure('any', {}, short, 'nobody');
  const range = await failure('any', {}, { responseTimeoutInSeconds: 1, connectTimeoutInSeconds: 0 });

  const client = device();
  await client.open();
  let late;
  client.onDeviceMethod('silent', (request, response) => (late = response));
  await report(await client.getTwin(), { ready: true });
  const silent = await failure('silent', {}, short);
  await new Promise((resolve) => late.send(200, 'too late', resolve)); // nobody waits any more; it must do no harm
  await report(await client.getTwin(), { done: true });
  await client.close();
  return { offline, unknown, range, silent };
});
