import { connect } from 'node:net';

/** `connections.mjs COUNT`: makes so many connections a second to port 80 of this host, each closed once it stands, as TCP checks do. */

const perTick = Number(process.argv[2]) / 100;
setInterval(() => {
  for (let i = 0; i < perTick; i++) {
    const socket = connect({ host: '127.0.0.1', port: 80 }, () => socket.destroy());
    socket.on('error', () => socket.destroy());
  }
}, 10);
console.log('connecting');
