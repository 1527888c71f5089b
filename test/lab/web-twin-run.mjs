// Runs inside the lab, once in each namespace: `web-twin-run.mjs JOB RESULT`. Web servers that give the bytes of their case and keep what they
// are asked, a daemon that checks them all, and then what came of each: RESULT holds the requests, the TLS names, and which servers are in the table.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import tls from 'node:tls';

const [jobFile, resultFile] = process.argv.slice(2);
const { daemon, conf, cases, seconds, log } = JSON.parse(readFileSync(jobFile, 'utf8'));
const seen = cases.map(() => ({ requests: [], servernames: [], clients: [] }));
const add = (list, value) => list.includes(value) || list.push(value);

function serve({ replies, hold, pieces }, record) {
  let count = 0;
  return (socket) => {
    let request = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      request += chunk.toString('latin1');
      if (!request.endsWith('\r\n\r\n')) return;
      add(record.requests, request);
      const bytes = Buffer.from(replies[Math.min(count++, replies.length - 1)], 'latin1');
      if (pieces === undefined) return void (hold ? socket.write(bytes) : socket.end(bytes));
      let at = 0;
      const timer = setInterval(() => {
        socket.write(bytes.subarray(at, (at += pieces)));
        if (at < bytes.length) return;
        clearInterval(timer);
        if (!hold) socket.end();
      }, 30);
    });
  };
}

await Promise.all(
  cases.map(
    (one, i) =>
      new Promise((resolve) => {
        const record = seen[i];
        const answer = serve(one, record);
        const server =
          one.tls === undefined
            ? createServer(answer)
            : tls.createServer({ ...one.tls, requestCert: true, rejectUnauthorized: false }, (socket) => {
                add(record.servernames, socket.servername || '');
                add(record.clients, socket.getPeerCertificate()?.subject?.CN ?? '');
                answer(socket);
              });
        server.on('tlsClientError', () => undefined);
        server.listen({ host: one.address, port: one.port }, resolve);
      }),
  ),
);
const script = `mount -t tmpfs run /run && exec ${daemon} -n -l -D -C -f ${conf}`;
const child = spawn('unshare', ['--mount', 'sh', '-c', `exec 2>&1; ${script}`]);
const output = createWriteStream(log);
child.stdout.pipe(output);
const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// From the first request on: a start of Node in the guest is slow.
while (seen.every(({ requests }) => requests.length === 0)) {
  if ((await Promise.race([ended, sleep(200).then(() => 'runs')])) !== 'runs') break;
}
await sleep(seconds * 1000);
const table = execFileSync('ipvsadm', ['-Sn'], { encoding: 'utf8' });
child.kill('SIGTERM');
await Promise.race([ended, sleep(10_000)]);
child.kill('SIGKILL');
const results = cases.map(({ address, port }, i) => {
  const literal = address.includes(':') ? `[${address}]` : address;
  return { ...seen[i], up: table.includes(`-r ${literal}:${port} `) };
});
writeFileSync(resultFile, JSON.stringify(results));
process.exit(0);
