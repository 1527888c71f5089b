// The client: asks for the page every PERIOD ms and prints one JSON object a request: {at, ms, ok, server}. `client.mjs HOST PORT PERIOD TIMEOUT`
import { connect } from 'node:net';

const [host, port, period = '100', timeout = '300'] = process.argv.slice(2);
const now = () => Number(process.hrtime.bigint() / 1000n) / 1000;

function ask() {
  const at = now();
  let reply = '';
  let done = false;
  const socket = connect({ host, port: Number(port) });
  const end = (ok) => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    socket.destroy();
    const server = /This is (\S+)\./.exec(reply)?.[1] ?? null;
    console.log(JSON.stringify({ at, ms: now() - at, ok: ok && server !== null, server }));
  };
  const timer = setTimeout(() => end(false), Number(timeout));
  socket.on('connect', () => socket.write(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`));
  socket.on('data', (chunk) => (reply += chunk));
  socket.on('end', () => end(true));
  socket.on('error', () => end(false));
}
setInterval(ask, Number(period));
