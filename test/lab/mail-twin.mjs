// Runs inside the lab, in the namespace of one daemon: takes its mail, and is its real servers. Each mail is a line `mail {...}` on the
// standard output; SIGUSR2 lets the servers die and come back.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const sleepless = { host: '127.0.0.1' };
const header = (name, text) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];

function takeMail(socket) {
  let [rest, data, envelope] = ['', undefined, { to: [] }];
  socket.on('error', () => undefined);
  socket.write('220 mail\r\n');
  socket.on('data', (bytes) => {
    const lines = (rest + bytes).split('\r\n');
    rest = lines.pop();
    for (const line of lines) {
      if (data === undefined) {
        const address = /<(.*)>/.exec(line)?.[1];
        if (line.startsWith('MAIL')) envelope = { from: address, to: [] };
        if (line.startsWith('RCPT')) envelope.to.push(address);
        if (line === 'DATA') data = [];
        socket.write(line === 'DATA' ? '354 go\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
        if (line === 'QUIT') socket.end();
      } else if (line === '.') {
        const text = data.join('\n');
        const [head, body] = [text.slice(0, text.indexOf('\n\n')), text.slice(text.indexOf('\n\n')).trim()];
        const mail = {
          envelope,
          from: header('From', head),
          to: header('To', head),
          mailer: header('X-Mailer', head),
          dated: /^Date: \w{3}, \d\d? \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/m.test(head),
          subject: header('Subject', head),
          body,
        };
        console.log(`mail ${JSON.stringify(mail)}`);
        data = undefined;
        socket.write('250 taken\r\n');
      } else data.push(line);
    }
  });
}

const serve = {
  8001: (socket) => socket.end(),
  8002: (socket) =>
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nup\n')),
  8003: (socket) => {
    socket.write('220 smtp\r\n');
    socket.on('data', (bytes) => socket.write(/^QUIT/.test(bytes) ? '221 bye\r\n' : '250 ok\r\n'));
  },
};
const answer = {
  8004: (bytes) => {
    const reply = Buffer.from(bytes);
    reply[2] |= 0x80;
    return reply;
  },
  8005: (bytes) => bytes,
};

let open = [];
// It answers all the time, but with an error while the others are dead.
createServer((socket) => {
  socket.on('error', () => undefined);
  const status = open.length === 0 ? '500 No' : '200 OK';
  socket.once('data', () => socket.end(`HTTP/1.0 ${status}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nup\n`));
}).listen({ ...sleepless, port: 8008 });

async function begin() {
  const tcp = Object.entries(serve).map(([port, handle]) => {
    const sockets = new Set();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      handle(socket);
    });
    const close = () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    };
    return new Promise((resolve) => server.listen({ ...sleepless, port: Number(port) }, () => resolve(close)));
  });
  const udp = Object.entries(answer).map(([port, reply]) => {
    const socket = createSocket('udp4');
    socket.on('message', (bytes, from) => socket.send(reply(bytes), from.port, from.address));
    const close = () => socket.close();
    return new Promise((resolve) => socket.bind(Number(port), sleepless.host, () => resolve(close)));
  });
  open = await Promise.all([...tcp, ...udp]);
}

process.on('SIGUSR2', () => {
  if (open.length === 0) void begin();
  else for (const close of open.splice(0)) close();
});
await begin();
createServer(takeMail).listen({ ...sleepless, port: 2525 }, () => console.log('ready'));
