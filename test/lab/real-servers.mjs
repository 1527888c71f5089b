// Runs inside the lab: `real-servers.mjs CERTIFICATE KEY FIRST-PORT…`. Real web, mail and name servers on 127.0.0.1 with their files in a temporary
// folder, and for each FIRST-PORT a relay before every one of them, which gives a probe to the server that is well, to one that answers something
// else, or to none, by turns: what happens depends on nothing but how often it was asked. Each probe is a line on the standard output.
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [certificate, key, ...firstPorts] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'real-'));
const file = (name, text) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
mkdirSync(join(folder, 'www'));
mkdirSync(join(folder, 'empty'));
file('www/page', 'hello\n');

/** w: the server is well, x: another answers, d: it is down. */
const turns = 'wwxxxwwdddwww';
const nobody = 7099;
const tempPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
  (one) => `${one}_temp_path ${folder}/${one};`,
);
const nginx = `user root; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; worker_processes 1;
events {}
http { access_log off; ${tempPaths.join(' ')}
  server { listen 127.0.0.1:7001; location / { return 200 "hello\\n"; } }
  server { listen 127.0.0.1:7002; location / { return 503; } }
  ssl_certificate ${certificate}; ssl_certificate_key ${key};
  server { listen 127.0.0.1:7003 ssl default_server; location / { return 200 "another\\n"; } }
  server { listen 127.0.0.1:7003 ssl; server_name a.example; location / { return 200 "hello\\n"; } }
  server { listen 127.0.0.1:7004 ssl; location / { return 200 "another\\n"; } }
}
`;
const apacheModules = ['mpm_event', 'authz_core', 'alias'].map(
  (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
);
const apache = `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache.log
${apacheModules.join('\n')}
ServerName localhost
Listen 127.0.0.1:7011
Listen 127.0.0.1:7012
DocumentRoot ${folder}/www
<VirtualHost 127.0.0.1:7012>
Redirect 404 /
</VirtualHost>
`;
const haproxy = `defaults
  mode http
  timeout client 10s
frontend well
  bind 127.0.0.1:7021
  http-request return status 200 content-type text/plain string "hello"
frontend ill
  bind 127.0.0.1:7022
  http-request return status 503 content-type text/plain string "no"
`;
const unbound = (port, zone) => `server:
  interface: 127.0.0.1@${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/unbound-${port}.pid"
  use-syslog: no
  logfile: ""
  num-threads: 1
  module-config: "iterator"
  ${zone}
remote-control:
  control-enable: no
`;
const smtpd = `listen on 127.0.0.1 port 7041 hostname mail.example
action "reject" relay
match from any for any reject
`;
const tls = [
  '-cert',
  certificate,
  '-key',
  key,
  '-servername',
  's.example',
  '-cert2',
  certificate,
  '-key2',
  key,
  '-WWW',
  '-quiet',
];

// Its spool and its socket are at fixed places, which in the lab are empty.
spawnSync('sh', ['-c', 'mount -t tmpfs spool /var/spool && mkdir -m 711 /var/spool/smtpd']);
const programs = [
  ['/usr/sbin/nginx', '-p', folder, '-c', file('nginx.conf', nginx), '-e', join(folder, 'nginx.log')],
  ['/usr/sbin/apache2', '-DFOREGROUND', '-d', folder, '-f', file('apache.conf', apache)],
  ['/usr/sbin/haproxy', '-db', '-q', '-f', file('haproxy.cfg', haproxy)],
  ['/usr/sbin/unbound', '-d', '-c', file('u1', unbound(7051, 'local-data: "www.example.org. A 192.0.2.1"'))],
  ['/usr/sbin/unbound', '-d', '-c', file('u2', unbound(7052, 'local-zone: "example.org." refuse'))],
  ['/usr/sbin/smtpd', '-d', '-f', file('smtpd.conf', smtpd)],
  ['openssl', 's_server', '-accept', '127.0.0.1:7031', ...tls],
  ['openssl', 's_server', '-accept', '127.0.0.1:7032', ...tls],
];
for (const [i, [program, ...words]] of programs.entries()) {
  const cwd = join(folder, i === programs.length - 1 ? 'empty' : 'www');
  const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const output of [child.stdout, child.stderr])
    output.on('data', (text) => {
      for (const line of String(text).trim().split('\n')) console.log(`${program}: ${line}`);
    });
  child.on('exit', (code, signal) => console.log(`${program}: ended with ${code ?? signal}`));
}

/** For each check: the port of the server that is well, and of the one that answers something else. */
const checks = [
  ['nginx', 7001, 7002],
  ['nginx-sni', 7003, 7004],
  ['apache', 7011, 7012],
  ['haproxy', 7021, 7022],
  ['openssl', 7031, 7032],
  ['smtp', 7041, nobody],
];
const names = ['dns', 7051, 7052];

const reached = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy()));
    socket.on('error', () => setTimeout(() => resolve(reached(port)), 100));
  });
await Promise.all([...checks, names].flatMap(([, ...ports]) => ports.filter((port) => port !== nobody).map(reached)));

const turnOf = (name, port, count) => {
  console.log(`probe ${name} ${port} ${count}`);
  return turns[Math.min(count, turns.length) - 1];
};

function relay([name, well, other], port) {
  let count = 0;
  createServer({ allowHalfOpen: true }, (client) => {
    const turn = turnOf(name, port, ++count);
    const server = connect({ port: { w: well, x: other, d: nobody }[turn], host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [client, server])
      socket.on('error', () => {
        client.resetAndDestroy();
        server.destroy();
      });
    client.pipe(server).pipe(client);
  }).listen(port, '127.0.0.1');
}

function relayNames([name, well, other], port) {
  let count = 0;
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const turn = turnOf(name, port, ++count);
    if (turn === 'd') return;
    const server = createSocket('udp4');
    server.on('message', (answer) => {
      socket.send(answer, from.port, from.address);
      server.close();
    });
    server.send(question, turn === 'w' ? well : other, '127.0.0.1');
  });
  socket.bind(port, '127.0.0.1');
}

for (const first of firstPorts.map(Number)) {
  for (const [i, check] of checks.entries()) relay(check, first + i);
  relayNames(names, first + checks.length);
}
console.log('ready');
