/** Checks of web servers that run under keepalived and under Watchkeeper: what each asks for, and what each makes of the answer. */

export interface WebCase {
  readonly name: string;
  readonly type?: 'HTTP_GET' | 'SSL_GET';
  readonly address?: '127.0.0.1' | '::1';
  /** The virtual server names no virtualhost. */
  readonly bare?: true;
  /** Lines of the real server, of the check, and of each url. */
  readonly server?: string;
  readonly check?: string;
  readonly urls?: readonly string[];
  /** The bytes of the answers, in turn, as latin1; the last is given again. */
  readonly replies?: readonly string[];
}

const page = 'HTTP/1.1 200 OK\r\n\r\nhello\n';
const header = 'HTTP/1.1 200 OK\r\n\r\n';
const md5 = 'b1946ac92492d2347c6235b4d2611184';

const requests: readonly WebCase[] = [
  { name: 'nothing said', bare: true },
  { name: 'nothing said, with IPv6', bare: true, address: '::1' },
  { name: 'nothing said, with TLS and a name', bare: true, type: 'SSL_GET', check: 'enable_sni' },
  { name: 'virtualhost of the virtual server' },
  { name: 'virtualhost of the real server', server: 'virtualhost rs.example' },
  { name: 'virtualhost of the check', server: 'virtualhost rs.example', check: 'virtualhost ck.example' },
  {
    name: 'virtualhost of a url, and not of the next',
    check: 'virtualhost ck.example\n fast_recovery',
    urls: ['path /a?b=c\n virtualhost url.example', 'path /b'],
  },
  ...['1.0', '1.0c', '1.0C', '1.1'].map((protocol) => ({
    name: `HTTP ${protocol}`,
    check: `http_protocol ${protocol}`,
  })),
  { name: 'a path in quotes', urls: ['path "/a b"'] },
  { name: 'a path of UTF-8', urls: ['path /é'] },
  { name: 'a path with backslashes', urls: ['path "/a\\tb\\x41"'] },
  { name: 'a path without slash', urls: ['path index.html'] },
  { name: 'no path to speak of', urls: ['path ""'] },
  { name: 'an empty virtualhost', check: 'virtualhost ""' },
  { name: 'a virtualhost with port', urls: ['path /\n virtualhost a.example:8080'] },
  { name: 'IPv6', address: '::1', check: 'http_protocol 1.1' },
  { name: 'TLS', type: 'SSL_GET' },
  { name: 'TLS and HTTP 1.1', type: 'SSL_GET', check: 'http_protocol 1.1' },
  { name: 'server name of the virtual server', type: 'SSL_GET', check: 'enable_sni' },
  { name: 'server name, real server', type: 'SSL_GET', check: 'enable_sni', server: 'virtualhost rs.example' },
  { name: 'server name of the check', type: 'SSL_GET', check: 'enable_sni\n virtualhost ck.example' },
  {
    name: 'server name of the url',
    type: 'SSL_GET',
    check: 'enable_sni\n virtualhost ck.example',
    urls: ['path /\n virtualhost url.example'],
  },
];

const answers: readonly (readonly [name: string, url: string, reply: string])[] = [
  ['a page', '', page],
  ['a status code of its own', 'status_code 404', 'HTTP/1.1 404 Not Found\r\n\r\n'],
  ['a range of status codes', 'status_code 200-204 301-302', 'HTTP/1.1 302 Found\r\n\r\n'],
  ['beside the ranges', 'status_code 200-204 301-302', 'HTTP/1.1 303 See Other\r\n\r\n'],
  ['299 without a word on codes', '', 'HTTP/1.1 299 Ok\r\n\r\n'],
  ['302 without a word on codes', '', 'HTTP/1.1 302 Found\r\n\r\n'],
  ['a status line without text', '', 'HTTP/1.1 200\r\n\r\nhello\n'],
  ['a status line that ends in a blank', '', 'HTTP/1.1 200 \r\n\r\nhello\n'],
  ['a status line with two blanks', '', 'HTTP/1.1  200 OK\r\n\r\nhello\n'],
  ['a status code of four digits', '', 'HTTP/1.1 2000 OK\r\n\r\nhello\n'],
  ['a status code of two digits', '', 'HTTP/1.1 20 OK\r\n\r\nhello\n'],
  ['another protocol', '', 'ICY 200 OK\r\n\r\nhello\n'],
  ['no status line', '', 'hello\r\n\r\n'],
  ['no header', '', 'hello'],
  ['lines without carriage returns', '', 'HTTP/1.1 200 OK\n\nhello\n'],
  ['nothing', '', ''],
  ['a header without end', '', 'HTTP/1.1 200 OK\r\n'],
  ['a header of 4,095 bytes', '', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(4095 - 24)}\r\n\r\n`],
  ['a header of 5,000 bytes', '', `HTTP/1.1 200 OK\r\nX: ${'y'.repeat(5000)}\r\n\r\n`],
  ['100 Continue first', '', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello\n'],
  ['a digest', `digest ${md5}`, page],
  ['a digest in capitals', `digest ${md5.toUpperCase()}`, page],
  ['another digest', `digest ${'0'.repeat(32)}`, page],
  ['a digest of a page that is not found', `digest ${md5}`, 'HTTP/1.1 404 Not Found\r\n\r\nhello\n'],
  ['a digest of chunks', 'digest 8aea47faa8ff765544508726bbcd3b9d', `${header}6\r\nhello\n\r\n0\r\n\r\n`],
  [
    'a digest up to the length',
    'digest 46356afe55fa3cea9cbe73ad442cad47',
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello\n',
  ],
  ['a digest of less than the length', `digest ${md5}`, 'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello\n'],
  ['a digest of nothing', 'digest d41d8cd98f00b204e9800998ecf8427e', header],
  ['a digest of 20,000 bytes', 'digest 0af181fb57f1eefb62b74081bbddb155', header + 'A'.repeat(20_000)],
  ['a regex', 'regex hello', page],
  ['another regex', 'regex nothing', page],
  ['a regex in quotes', 'regex "hello w"', `${header}hello world\n`],
  ['a regex in single quotes', "regex 'hello w'", `${header}hello world\n`],
  ['a regex of two words, which is none', 'regex hello w', `${header}hello xorld\n`],
  ['a regex in the header', 'regex ^HTTP', page],
  ['a regex in another case', 'regex HELLO', page],
  ['a regex in any case', 'regex HELLO\n regex_options caseless', page],
  ['a regex that must not match', 'regex hello\n regex_no_match', page],
  ['a regex that must not match, and does not', 'regex nothing\n regex_no_match', page],
  ['a regex in a page of nothing', 'regex x?', header],
  ['a regex that must not match a page of nothing', 'regex x?\n regex_no_match', header],
  ['a regex over several lines', 'regex "a.b"', `${header}a\nb.`],
  ['a regex over several lines with dotall', 'regex "a.b"\n regex_options dotall', `${header}a\nb.`],
  ['a regex of bytes', 'regex "(?<=!)..\\\\."', `${header}!\xc3\xa9.`],
  ['a regex of characters', 'regex "(?<=!)..\\\\."\n regex_options utf', `${header}!\xc3\xa9.`],
  ['a regex with backslashes', 'regex "\\\\d+ users\\\\."', `${header}42 users.`],
  ['a regex whose backslashes are taken away', 'regex "\\d+ users"', `${header}42 users.`],
  ['a regex with an offset beyond', 'regex hello\n regex_min_offset 24', page],
  [
    'a regex with offsets exchanged, which do not count',
    'regex hello\n regex_min_offset 24\n regex_max_offset 3',
    page,
  ],
  ['a regex after 20,000 bytes', 'regex hello', `${header}${'x'.repeat(20_000)}hello.`],
  ['a regex behind the length', 'regex lo', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello\n'],
  ['a regex and a digest', `regex hello\n digest ${md5}`, page],
  ['a regex and another digest', `regex hello\n digest ${'0'.repeat(32)}`, page],
];

export const webCases: readonly WebCase[] = [
  ...requests,
  ...answers.map(([name, url, reply]) => ({ name, urls: [`path /\n ${url}`], replies: [reply] })),
];

export const firstPort = 20_001;

export function addressOf({ address = '127.0.0.1' }: WebCase): string {
  return address;
}

/** Two services for each family, with a server for each case. Servers are up once all their urls were well. */
export function configOf(cases: readonly WebCase[]): string {
  const service = (virtual: string, family: string, bare?: true): string => {
    const servers = cases.flatMap((one, i) => {
      if (addressOf(one).includes(':') !== (family === 'IPv6') || one.bare !== bare) return [];
      const urls = (one.urls ?? ['path /']).map((url) => `    url {\n ${url}\n    }\n`).join('');
      const timing = 'warmup 0\n retry 0\n connect_timeout 3';
      return `  real_server ${addressOf(one)} ${String(firstPort + i)} {\n ${one.server ?? ''}\n    ${one.type ?? 'HTTP_GET'} {\n ${timing}\n ${one.check ?? ''}\n${urls}    }\n  }\n`;
    });
    return `virtual_server ${virtual} 80 {\n  delay_loop 1\n  alpha\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n  ${bare ? '' : 'virtualhost vs.example'}\n${servers.join('')}}\n`;
  };
  return [
    service('10.9.9.9', 'IPv4'),
    service('fd00::1', 'IPv6'),
    service('10.9.9.8', 'IPv4', true),
    service('fd00::2', 'IPv6', true),
  ].join('');
}

/** What web-twin-run.mjs is told of the servers. */
export function serversOf(
  cases: readonly WebCase[],
  certificate: { readonly cert: string; readonly key: string },
): object[] {
  return cases.map((one, i) => ({
    address: addressOf(one),
    port: firstPort + i,
    replies: one.replies ?? [page],
    ...(one.type === 'SSL_GET' ? { tls: certificate } : {}),
  }));
}
