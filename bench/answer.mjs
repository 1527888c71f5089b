// `answer.mjs tcp|http|ssl CERT KEY`: answers on port 80 of every address until it is killed, and writes its count of connections to the
// standard output at each SIGUSR2.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import tls from 'node:tls';

const [kind, certificate, key] = process.argv.slice(2);
const page = 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello';
let connections = 0;

function answer(socket) {
  connections++;
  socket.on('error', () => socket.destroy());
  if (kind === 'tcp') socket.resume().on('end', () => socket.destroy());
  else socket.once('data', () => socket.end(page));
}

const server =
  kind === 'ssl'
    ? tls.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer)
    : createServer(answer);
server.on('tlsClientError', () => undefined);
server.listen({ port: 80, host: '0.0.0.0', backlog: 4096 }, () => console.log(`ready ${process.pid}`));
process.on('SIGUSR2', () => console.log(`connections ${connections}`));
