'use strict';
// How a script talks to its test. It writes one JSON object a line: steps on the way, then its findings.
// The test writes a line when the script shall go on, and closes its input when nobody waits for it any more.

const readline = require('node:readline');

const write = (line) => process.stdout.write(JSON.stringify(line) + '\n');

const input = readline.createInterface({ input: process.stdin });
const unread = [];
const waiting = [];
input.on('line', (line) => (waiting.length > 0 ? waiting.shift()(line) : unread.push(line)));
input.on('close', () => process.exit(2));

/** Tells the test how far the script is. */
exports.step = (name) => write({ step: name });

/** Waits until the test lets the script go on. */
exports.proceed = () => (unread.length > 0 ? Promise.resolve(unread.shift()) : new Promise((go) => waiting.push(go)));

/** What an error tells a program: the SDKs' classes go by name. */
exports.describe = (error) => ({ name: error.name === 'Error' ? error.constructor.name : error.name, message: error.message });

/** The error of a promise that must fail. */
exports.failure = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return exports.describe(error);
  }

  throw new Error('It should have failed.');
};

/** Waits for the event of an emitter and gives its first argument. */
exports.once = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));

/** Runs the script's body to its findings and ends the process, whatever is still open. */
exports.run = async (body) => {
  let line;
  try {
    line = { findings: await body() };
  } catch (error) {
    line = { failed: error.stack };
  }

  process.stdout.write(JSON.stringify(line) + '\n', () => process.exit(line.failed ? 1 : 0));
};
