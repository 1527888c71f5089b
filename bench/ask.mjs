import { connect } from 'node:net';

/** `ask.mjs ADDRESS`: asks a port every 10 ms that nobody listens on; the refusal is the answer. */

const [host = ''] = process.argv.slice(2);
setInterval(() => {
  const socket = connect({ host, port: 9 });
  socket.on('error', () => undefined);
  setTimeout(() => socket.destroy(), 200);
}, 10);
console.log('asking');
