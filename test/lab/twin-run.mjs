// Runs inside the lab: `twin-run.mjs FOLDER PARALLEL MINUTES`. FOLDER/cases.json lists the cases; what each daemon's kernel table was in each
// state goes into FOLDER/results/NAME.json, and each case that is done is a line on the standard output.
import { execFile, spawn } from 'node:child_process';
import { closeSync, createWriteStream, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import koffi from 'koffi';

const [folder, parallel, minutes] = process.argv.slice(2);
const latest = Date.now() + Number(minutes) * 60_000;
const { cases, programs, page } = JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8'));
const secure = { cert: readFileSync(join(folder, 'cert.pem')), key: readFileSync(join(folder, 'key.pem')) };
const setns = koffi.load(null).func('int setns(int, int)');
const daemons = ['keepalived', 'watchkeeper'];
/** How long nothing may have changed before a state counts as reached, and how long that may take beside the pace of the checks, in ms. */
const [stillMs, changeMs, mostMs] = [2500, 8000, 25_000];
/** A start of Node in the guest is slow. */
const startMs = 120_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function run(command, args, input) {
  return new Promise((resolve) => {
    const child = execFile(command, args, { maxBuffer: 1 << 26, timeout: 60_000 }, (error, stdout) => resolve(stdout));
    if (input !== undefined) child.stdin.end(input);
  });
}

const inside = (ns, ...command) => run('nsenter', [`--net=/run/netns/${ns}`, ...command]);

function enter(path) {
  const fd = openSync(path, 'r');
  if (setns(fd, 0x40000000) !== 0) throw new Error(`${path} cannot be entered`);
  closeSync(fd);
}

/** Answers a request of HTTP, over TLS or not, and lets others connect. */
function answer(socket) {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => {
    socket.end(`HTTP/1.0 200 OK\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`);
  });
  socket.setTimeout(5000, () => socket.destroy());
}

const context = tls.createSecureContext(secure);

function accept(socket) {
  socket.on('error', () => socket.destroy());
  socket.once('readable', () => {
    const first = socket.read();
    if (first === null) return socket.end();
    socket.unshift(first);
    answer(first[0] === 0x16 ? new tls.TLSSocket(socket, { isServer: true, secureContext: context }) : socket);
  });
}

/**
 * A socket stays in the namespace in which it was made, so one process can serve them all. Addresses that need no look-up are bound
 * in the next tick: before anything else can enter another namespace.
 */
function listen(ns, listeners) {
  return new Promise((resolve) => {
    setImmediate(() => {
      enter(`/run/netns/${ns}`);
      const servers = listeners.map(
        ({ address, port }) =>
          new Promise((listening) => {
            const server = createServer(accept);
            server.on('error', () => listening(undefined));
            server.listen({ host: address, port }, () => listening(server));
          }),
      );
      process.nextTick(() => enter('/proc/1/ns/net'));
      resolve(Promise.all(servers));
    });
  });
}

const close = (servers) => Promise.all(servers.map((server) => server && new Promise((done) => server.close(done))));

/** Reads files of a namespace without a process of their own, which is dear in the guest. */
function read(ns, ...files) {
  enter(`/run/netns/${ns}`);
  try {
    return files.map((file) => readFileSync(file, 'utf8'));
  } finally {
    enter('/proc/1/ns/net');
  }
}

/** The table, in a form that shows when it changes. */
const glance = (ns) => read(ns, '/proc/self/net/ip_vs')[0].split('\n').sort().join('\n');

const folderOfSysctls = '/proc/sys/net/ipv4/vs';
const sysctlNames = () => readdirSync(folderOfSysctls);

async function everything(ns) {
  const asked = ['-Sn', '-Ln --thresholds', '-L --daemon', '-L --timeout'].map((options) => `ipvsadm ${options}`);
  const text = await run('nsenter', [`--net=/run/netns/${ns}`, 'sh', '-c', asked.join('; echo @@; ')]);
  const [table, thresholds, daemon, timeouts] = text.split('@@\n');
  let service = '';
  const limits = thresholds.split('\n').flatMap((line) => {
    const [first, ...words] = line.trim().split(/\s+/);
    if (first !== '->') service = `${first} ${words[0]}`;
    else if (words[1] !== '0' || words[2] !== '0') return [`${service} -> ${words.slice(0, 3).join(' ')}`];
    return [];
  });
  const lines = (part) => part.split('\n').filter(Boolean).sort();
  const names = sysctlNames();
  const values = read(ns, ...names.map((name) => join(folderOfSysctls, name)));
  return {
    table: lines(table),
    thresholds: limits.filter((line) => !line.includes('RemoteAddress')).sort(),
    daemon: lines(daemon),
    timeouts: lines(timeouts),
    sysctls: names.map((name, i) => `${name} ${values[i].trim()}`),
  };
}

/** Waits until both tables are equal and still; gives up on equality in the end. `before`: what they are to leave first. */
async function settled(names, paceMs, before, starting = () => false) {
  const began = Date.now();
  let [last, since] = ['', began];
  // Without a check nothing is to be awaited.
  const latestMs = before === undefined ? 0 : changeMs + paceMs;
  for (;;) {
    const tables = names.map(glance);
    const now = Date.now();
    const patienceMs = starting() ? startMs : 2 * stillMs + 2000 + 2 * paceMs;
    const text = tables.join('@');
    if (text !== last) [last, since] = [text, now];
    const moved = tables[0] !== before || now - began > latestMs;
    const equal = tables[0] === tables[1];
    if (moved && now - since > stillMs && (equal || now - since > patienceMs)) break;
    if (now - began > mostMs + 2 * paceMs + patienceMs) break;
    await sleep(500);
  }
  return synchronised(names, await Promise.all(names.map(everything)));
}

/** The synchronisation daemons follow the election, which may still go on when the table is still. */
async function synchronised(names, found) {
  const same = ([a, b]) => a.daemon.join() === b.daemon.join();
  for (let tries = 0; !same(found) && tries < 6; tries++) {
    await sleep(2000);
    found = await Promise.all(names.map(everything));
  }
  return found;
}

/** What Watchkeeper says when its table is in place, or that there is none. */
const inTable = /net\.ipv4\.vs, left as it is|gives nothing to do/;
/** What is said later, or not at all, is not waited for. */
const longestStartMs = 150_000;

function told(stream, pattern) {
  let text = '';
  return new Promise((resolve) => {
    stream.on('data', (chunk) => {
      if (text.length < 1 << 20) text += chunk;
      if (pattern.test(text)) resolve();
    });
    stream.on('end', resolve);
    setTimeout(resolve, longestStartMs).unref();
  });
}

/** With a root file system that it cannot write to: configurations can name programs. */
function start(ns, program, conf, log, whole) {
  const script = `mount -t tmpfs run /run && mount -o remount,bind,ro / && exec ${program} -n -l ${whole ? '' : '-C'} -f ${conf}`;
  const child = spawn('ip', ['netns', 'exec', ns, 'unshare', '--mount', 'sh', '-c', `exec 2>&1; ${script}`]);
  child.stdout.pipe(createWriteStream(log));
  return {
    child,
    ready: told(child.stdout, inTable),
    ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal))),
  };
}

async function runCase({ name, conf, addresses, listeners, interfaces, before, whole, paceMs }, number) {
  const names = daemons.map((daemon) => `tw${number}${daemon[0]}`);
  const setUp = [
    'link set lo up',
    ...interfaces.map((link) => `link add ${link} type dummy`),
    ...interfaces.map((link) => `link set ${link} up multicast on`),
    ...interfaces.map((link, i) => `address add 198.18.${i}.1/24 dev ${link}`),
    ...addresses.map((address) => `address add ${address}/${address.includes(':') ? '128 nodad' : '32'} dev lo`),
  ];
  const open = [];
  for (const ns of names) {
    await run('ip', ['netns', 'add', ns]);
    await run('ip', ['-n', ns, '-force', '-batch', '-'], `${setUp.join('\n')}\n`);
    await inside(ns, 'sh', '-c', 'ipvsadm -A -f 4294967295 -s rr; ipvsadm -a -f 4294967295 -r 203.0.113.99 -g -w 7');
    if (before.length > 0) await inside(ns, 'sh', '-c', before.join('; '));
    open.push(await listen(ns, listeners));
  }
  const states = {};
  const running = names.map((ns, i) =>
    start(ns, programs[daemons[i]], conf, join(folder, 'logs', `${name}.${daemons[i]}`), whole),
  );
  const ends = running.map(({ ended }) => ended.then((code) => code));
  // A daemon that refuses the configuration changes nothing; the foreign service is there from the beginning.
  const left = () => (listeners.length === 0 ? undefined : glance(names[0]));
  let over = false;
  void Promise.race(ends).then(() => (over = true));
  await running[1].ready;
  states.alive = await settled(names, paceMs, glance(names[0]), () => !over);
  let was = left();
  await Promise.all(open.map((servers) => close(servers.filter((_, i) => i % 2 === 1))));
  states.half = await settled(names, paceMs, was);
  was = left();
  await Promise.all(open.map((servers) => close(servers.filter((_, i) => i % 2 === 0))));
  states.dead = await settled(names, paceMs, was);
  was = left();
  const again = [];
  for (const ns of names) again.push(await listen(ns, listeners));
  states.again = await settled(names, paceMs, was);
  const alreadyEnded = await Promise.all(ends.map((end) => Promise.race([end, sleep(0).then(() => 'runs')])));
  for (const { child } of running) child.kill('SIGTERM');
  const exits = await Promise.all(ends.map((end) => Promise.race([end, sleep(15_000).then(() => 'does not stop')])));
  for (const { child } of running) child.kill('SIGKILL');
  states.stopped = await Promise.all(names.map(everything));
  await Promise.all(again.map(close));
  for (const ns of names) await run('ip', ['netns', 'del', ns]);
  writeFileSync(join(folder, 'results', `${name}.json`), JSON.stringify({ name, states, alreadyEnded, exits }));
}

mkdirSync(join(folder, 'results'), { recursive: true });
mkdirSync(join(folder, 'logs'), { recursive: true });
const schedulers = 'rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh'.split(' ').map((name) => `ip_vs_${name}`);
await run('modprobe', ['-a', ...schedulers, 'ip_vs_pe_sip', 'dummy']);
const waiting = cases.map((one, i) => [one, i]);
await Promise.all(
  Array.from({ length: Number(parallel) }, async () => {
    for (let next = waiting.shift(); next !== undefined && Date.now() < latest; next = waiting.shift()) {
      try {
        await runCase(...next);
        console.log(`done ${next[0].name}`);
      } catch (error) {
        console.log(`failed ${next[0].name} ${error.message}`);
      }
    }
  }),
);
console.log('all done');
process.exit(0);
