// Runs inside the lab: `checked-servers.mjs FIRST-PORT…`. For each a mail server, a name server and a service of UDP, which answer well, wrongly or
// not at all by turns: what they do depends on nothing but how often they were asked. Each probe is a line on the standard output.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** w: well, x: wrong, s: silent. */
const turns = 'wwxxxxwwssssswwxwww';
const turnOf = (kind, port, count) => {
  console.log(`probe ${kind} ${port} ${count}`);
  return turns[Math.min(count, turns.length) - 1];
};

function smtp(port) {
  let count = 0;
  createServer((socket) => {
    const turn = turnOf('smtp', port, ++count);
    socket.on('error', () => socket.destroy());
    if (turn === 's') return;
    socket.write(turn === 'w' ? '220 hi\r\n' : '554 no\r\n');
    socket.on('data', (command) => socket.write(String(command).startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n'));
  }).listen(port, '127.0.0.1');
}

function udp(kind, port, answer) {
  let count = 0;
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const turn = turnOf(kind, port, ++count);
    if (turn !== 's') socket.send(answer(question, turn === 'w'), from.port, from.address);
  });
  socket.bind(port, '127.0.0.1');
}

for (const port of process.argv.slice(2).map(Number)) {
  smtp(port);
  udp('dns', port + 1, (question, well) => {
    question.writeUInt16BE(well ? 0x8180 : 0x8182, 2);
    return question;
  });
  udp('udp', port + 2, (_, well) => Buffer.from(well ? 'aa' : 'bb', 'hex'));
}
console.log('ready');
