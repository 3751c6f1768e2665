'use strict';

const period = 2000; // milliseconds between two questions to the hub
const most = 200; // lines kept in a feed

const $ = id => document.getElementById(id);
const seen = { run: '', messages: 0, events: 0 };
let chosen = ''; // the device shown, or none
let isPaused = false;
let asking = 0; // counts the questions; an answer to an older one is stale

class Refusal extends Error {
  constructor(status, message) { super(message); this.status = status; }
}

async function call(verb, path, query = {}, body = undefined, headers = {}) {
  const answer = await fetch(`/page/api/${path}?${new URLSearchParams(query)}`, {
    method: verb,
    headers: { 'X-Hub-Page': '1', 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    cache: 'no-store',
  });
  const result = await answer.json();
  if (!answer.ok) { throw new Refusal(answer.status, result.message); }
  return result;
}

function element(name, text = '', className = '') {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function say(place, text, kind = '') {
  place.textContent = text;
  place.className = `answer ${kind}`;
  place.hidden = text === '';
}

const pretty = value => Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
const clock = time => new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1, hourCycle: 'h23' });
const addressOf = id => `#/device/${encodeURIComponent(id)}`;

// ---- what is asked all the time -------------------------------------------------------------------------------------

async function refresh() {
  const question = ++asking;
  const device = chosen;
  try {
    const view = await call('GET', 'overview', { filter: $('filter').value, device, messages: seen.messages, events: seen.events });
    const one = device ? await call('GET', 'device', { id: device }) : null;
    if (question !== asking) { return; }
    if (seen.run !== view.run) { return begin(view.run); }
    showHub(view.hub);
    showDevices(view);
    showFaults(view.faults);
    showMessages(view.messages);
    showEvents(view.events);
    if (one) { showDevice(one); }
  } catch (failure) {
    if (question === asking) { showTrouble(failure); }
  }
}

/** Starts the feeds anew: another device, another hub. */
function begin(run) {
  Object.assign(seen, { run, messages: 0, events: 0 });
  $('messages').replaceChildren();
  $('events').replaceChildren();
  return refresh();
}

function showTrouble(failure) {
  const isGone = failure instanceof Refusal && failure.status === 404;
  $('state').className = `dot ${isGone ? 'on' : 'off'}`;
  $('trouble').hidden = false;
  $('trouble').textContent = isGone ? `The hub has no device ${chosen}.`
    : failure instanceof Refusal ? failure.message
    : 'The hub does not answer. This page waits for it.';
}

function showHub(hub) {
  $('trouble').hidden = !hub.isStopped;
  $('trouble').textContent = 'The hub plays dead: devices and services find nobody.';
  $('state').className = `dot ${hub.isStopped ? 'off' : 'on'}`;
  $('where').textContent =
    `${hub.hostName} · MQTT ${hub.mqttPort} · HTTPS ${hub.httpsPort} · AMQP ${hub.amqpPort} · id scope ${hub.idScope} · ${hub.connected} connected · ${hub.received.toLocaleString()} messages`;
  $('where').title = `Trust ${hub.caFile}`;
}

function showDevices(view) {
  const more = view.deviceCount - view.devices.length;
  $('device-count').textContent = view.deviceCount === 0 ? '' : more > 0 ? `${view.devices.length} of ${view.deviceCount}` : `${view.deviceCount}`;
  $('no-device').hidden = view.deviceCount > 0;
  $('no-device').textContent = $('filter').value ? 'No device fits.' : 'No device yet.';
  const state = JSON.stringify([chosen, view.devices]);
  if ($('devices').dataset.state === state) { return; } // keeps focus and scrolling
  $('devices').dataset.state = state;
  const focused = $('devices').contains(document.activeElement) ? document.activeElement.hash : '';
  $('devices').replaceChildren(...view.devices.map(device => {
    const link = document.createElement('a');
    link.href = addressOf(device.id);
    link.className = device.isConnected ? 'on' : '';
    link.append(element('span', '', 'dot'), element('span', device.id));
    const remark = !device.isEnabled ? 'disabled' : device.queuedMessages > 0 ? `${device.queuedMessages} queued` : '';
    link.append(element('span', remark, 'quiet'));
    link.title = device.isConnected ? 'connected' : 'not connected';
    if (device.id === chosen) { link.setAttribute('aria-current', 'page'); }
    const item = document.createElement('li');
    item.append(link);
    return item;
  }));
  [...$('devices').querySelectorAll('a')].find(link => link.hash === focused)?.focus();
}

function showFaults(faults) {
  $('fault-section').hidden = faults.length === 0;
  $('faults').replaceChildren(...faults.map(fault => {
    const line = document.createElement('li');
    const strikes = fault.strikes > 0 ? `, struck ${fault.strikes} times` : '';
    const when = fault.isActive ? `until ${clock(fault.ends)}${strikes}` : `from ${clock(fault.begins)} to ${clock(fault.ends)}`;
    const end = element('button', 'End', 'plain');
    end.type = 'button';
    end.addEventListener('click', () => call('DELETE', 'fault', { id: fault.id }).then(refresh, showTrouble));
    line.append(element('span', fault.kind), element('span', fault.device ?? 'all devices'), element('span', when, 'quiet'), end);
    return line;
  }));
}

function showMessages(messages) {
  if (isPaused) { return; }
  for (const message of messages) {
    seen.messages = message.sequence;
    const body = message.text ?? `base64 ${message.base64}`;
    const properties = Object.entries(message.properties).map(([name, value]) => value === null ? name : `${name}=${value}`);
    const remarks = [...(message.isCut ? [`the first part of ${message.size.toLocaleString()} bytes`] : []), ...properties];
    addLine('messages', message.time, message.device, element('span', body, 'body'), remarks.join(' · '));
  }
  $('no-message').hidden = $('messages').childElementCount > 0;
}

function showEvents(events) {
  for (const event of events) {
    seen.events = event.sequence;
    const text = event.detail ? `${event.kind}: ${event.detail}` : event.kind;
    addLine('events', event.time, event.device, element('span', text, event.kind), '');
  }
  $('no-event').hidden = $('events').childElementCount > 0;
}

function addLine(feed, time, device, body, remark) {
  const line = document.createElement('li');
  const stamp = element('time', clock(time));
  stamp.dateTime = time;
  const link = element('a', device);
  link.href = addressOf(device);
  line.append(stamp, link, body);
  if (remark) { line.append(element('span', remark, 'quiet more')); }
  $(feed).prepend(line);
  if ($(feed).childElementCount > most) { $(feed).lastElementChild.remove(); }
}

// ---- one device ------------------------------------------------------------------------------------------------------

function choose() {
  const found = /^#\/device\/(.+)$/.exec(location.hash);
  chosen = found ? decodeURIComponent(found[1]) : '';
  editors.forEach(editor => editor.forget());
  document.body.classList.toggle('one', chosen !== '');
  document.title = chosen ? `${chosen} – Local IoT Hub` : 'Local IoT Hub';
  $('device').hidden = true; // until it is known
  $('messages').classList.toggle('single', chosen !== '' && !chosen.includes('/'));
  $('events').classList.toggle('single', chosen !== '' && !chosen.includes('/'));
  for (const place of ['method-answer', 'message-answer']) { say($(place), ''); }
  hideSecret('device-secret', 'device-secret-text');
  $('method').hidden = false;
  $('message').hidden = chosen.includes('/'); // modules get none
  return begin(seen.run);
}

function showDevice(device) {
  $('device').hidden = false;
  $('device-id').textContent = device.id;
  const since = device.connectionChanged ? ` since ${new Date(device.connectionChanged).toLocaleString()}` : '';
  const parts = [
    device.isEnabled ? '' : `disabled${device.statusReason ? ` (${device.statusReason})` : ''}`,
    device.isConnected ? `connected${since}` : since ? `not connected${since}` : 'has never connected',
    device.queuedMessages > 0 ? `${device.queuedMessages} messages queued` : '',
    device.modelId ?? '',
  ];
  $('device-state').textContent = parts.filter(part => part).join(' · ');
  $('device-authentication').textContent = describeAuthentication(device);
  $('reported-version').textContent = `version ${device.reportedVersion}`;
  $('reported').textContent = pretty(device.reported);
  editors.forEach(editor => editor.show(device));
}

/** How the device proves who it is; a key stays behind its button. */
function describeAuthentication(device) {
  switch (device.authentication) {
    case 'selfSigned': return `authenticates with a certificate whose thumbprint is ${device.thumbprints.join(' or ')}`;
    case 'certificateAuthority': return 'authenticates with a certificate in its name that an authority of this hub has signed';
    default: return 'authenticates with a key';
  }
}

/** One section of the twin in an editor. What somebody else changes meanwhile is told, and never overwritten. */
class Editor {
  #device = null; // as the editor was filled

  constructor(name, tellSaved) {
    this.name = name;
    this.tellSaved = tellSaved;
    onSubmit(name, () => this.save(), `${name}-answer`, () => this.isEdited);
    this.part('text').addEventListener('input', () => this.check());
    this.part('reset').addEventListener('click', () => this.reload().catch(showTrouble));
  }

  part(name) { return $(`${this.name}-${name}`); }

  textOf(device) { return JSON.stringify(device[this.name], null, 2); }

  get isEdited() { return this.#device !== null && this.part('text').value !== this.textOf(this.#device); }

  forget() {
    this.#device = null;
    say(this.part('answer'), '');
  }

  show(device) {
    if (this.#device && this.textOf(device) === this.textOf(this.#device)) {
      this.#device = device; // something else of the twin may have changed
      this.tellVersion?.(device);
    } else if (!this.isEdited) {
      this.load(device);
    } else {
      say(this.part('answer'), 'Changed elsewhere meanwhile; load it again to see how.', 'bad');
      this.part('reset').disabled = false;
    }
  }

  load(device) {
    this.#device = device;
    this.part('text').value = this.textOf(device);
    this.tellVersion?.(device);
    this.check();
  }

  /** Judges the text; returns the object, or null. */
  check() {
    let section = null;
    let fault = '';
    try {
      section = JSON.parse(this.part('text').value);
      if (section === null || typeof section !== 'object' || Array.isArray(section)) { fault = 'It must be a JSON object: { … }'; }
    } catch (broken) {
      fault = `Not JSON yet: ${broken.message}`;
    }
    this.part('text').setAttribute('aria-invalid', `${fault !== ''}`);
    this.part('save').disabled = fault !== '' || !this.isEdited;
    this.part('reset').disabled = !this.isEdited;
    say(this.part('answer'), fault, 'bad');
    return fault ? null : section;
  }

  async save() {
    const section = this.check();
    if (!section || !this.#device) { return; }
    const id = this.#device.id;
    try {
      const device = await call('PUT', this.name, { id }, section, { 'If-Match': `"${this.#device.twinETag}"` });
      if (id !== chosen) { return; }
      this.load(device);
      say(this.part('answer'), this.tellSaved(device), 'good');
    } catch (failure) {
      say(this.part('answer'), failure.status === 412 ? 'Not saved: the twin has changed since. Load it again.' : failure.message, 'bad');
      this.part('reset').disabled = false;
    }
  }

  async reload() { this.load(await call('GET', 'device', { id: chosen })); }
}

async function callMethod() {
  const text = $('method-payload').value.trim();
  let payload = null;
  try {
    payload = text === '' ? null : JSON.parse(text);
  } catch (broken) {
    say($('method-answer'), `The payload is not JSON: ${broken.message}`, 'bad');
    return;
  }
  say($('method-answer'), 'waiting for the device');
  const form = { name: $('method-name').value, payload, timeoutSeconds: Number($('method-timeout').value) };
  const answer = await call('POST', 'method', { id: chosen }, form);
  say($('method-answer'), `${answer.status}\n${JSON.stringify(answer.payload, null, 2)}`);
}

async function sendMessage() {
  const lines = $('message-properties').value.split('\n').map(line => line.trim()).filter(line => line);
  const properties = Object.fromEntries(lines.map(line => {
    const equals = line.indexOf('=');
    return equals < 0 ? [line, null] : [line.slice(0, equals), line.slice(equals + 1)];
  }));
  const form = { text: $('message-text').value, messageId: $('message-id').value, ack: $('message-ack').value, properties };
  const answer = await call('POST', 'message', { id: chosen }, form);
  say($('message-answer'), answer.queuedMessages === 0 ? 'Sent, and taken by the device.' : `Sent; ${answer.queuedMessages} in the queue.`, 'good');
}

async function addDevice() {
  const device = await call('POST', 'device', {}, { id: $('add-id').value });
  $('add').reset();
  say($('add-answer'), '');
  location.hash = addressOf(device.id);
}

// ---- secrets -----------------------------------------------------------------------------------------------------------

function hideSecret(button, place) {
  $(place).hidden = true;
  $(place).replaceChildren();
  $(button).setAttribute('aria-expanded', 'false');
}

async function toggleSecret(button, place, query) {
  if (!$(place).hidden) {
    hideSecret(button, place);
    return;
  }
  const { connectionString } = await call('POST', 'secret', query);
  const copy = element('button', 'Copy', 'plain');
  copy.type = 'button';
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(connectionString);
    copy.textContent = 'Copied';
  });
  $(place).replaceChildren(element('code', connectionString), copy);
  $(place).hidden = false;
  $(button).setAttribute('aria-expanded', 'true');
}

// ---- wiring ------------------------------------------------------------------------------------------------------------

/** Runs an action at a form's submit, its button off meanwhile and afterwards as it may be; a failure is said in the given place. */
function onSubmit(form, action, place, mayAgain = () => true) {
  $(form).addEventListener('submit', async event => {
    event.preventDefault();
    const button = $(form).querySelector('button');
    button.disabled = true;
    try {
      await action();
    } catch (failure) {
      say($(place), failure instanceof Refusal ? failure.message : 'The hub does not answer.', 'bad');
    } finally {
      button.disabled = !mayAgain();
      refresh();
    }
  });
}

const desired = new Editor('desired', device => `Saved as version ${device.desiredVersion}${device.isConnected ? '' : '; the device is away and gets it when it asks'}.`);
desired.tellVersion = device => { $('desired-version').textContent = `version ${device.desiredVersion}`; };
const editors = [desired, new Editor('tags', () => 'Saved.')];
onSubmit('add', addDevice, 'add-answer');
onSubmit('method', callMethod, 'method-answer');
onSubmit('message', sendMessage, 'message-answer');
$('filter').addEventListener('input', refresh);
$('service-secret').addEventListener('click', () => toggleSecret('service-secret', 'hub-secret', {}).catch(showTrouble));
$('device-secret').addEventListener('click', () => toggleSecret('device-secret', 'device-secret-text', { id: chosen }).catch(showTrouble));
$('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  $('pause').textContent = isPaused ? 'Go on' : 'Pause';
  $('pause').setAttribute('aria-pressed', `${isPaused}`);
  refresh();
});
addEventListener('hashchange', choose);
document.addEventListener('visibilitychange', () => { if (!document.hidden) { refresh(); } });
setInterval(() => { if (!document.hidden) { refresh(); } }, period);
choose();
