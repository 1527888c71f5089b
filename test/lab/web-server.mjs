// A real server's web server: HTTP on port 80 and, with a certificate, HTTPS on port 443. The page tells the name that the file holds at that time.
// `web-server.mjs NAME_FILE [CERTIFICATE KEY]`
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [nameFile, certificate, key] = process.argv.slice(2);
const answer = (request, response) => {
  const page = `This is ${readFileSync(nameFile, 'utf8')}.\n`;
  response.setHeader('Content-Type', 'text/plain');
  response.setHeader('Content-Length', page.length);
  response.setHeader('Connection', 'close');
  response.end(request.method === 'HEAD' ? undefined : page);
};
createServer(answer).listen(80, () => console.log('http ready'));
if (certificate !== undefined) {
  const https = await import('node:https');
  https
    .createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, answer)
    .listen(443, () => console.log('https ready'));
}
