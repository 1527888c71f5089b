import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runnableChecks } from '../../src/checkers/index.ts';
import { checkersSettings, engineConfig } from '../../src/daemon/settings.ts';
import { loadText } from '../config/load-text.ts';

const kinds = 'TCP_CHECK HTTP_GET SSL_GET SMTP_CHECK DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK FILE_CHECK BFD_CHECK';
const settings: Readonly<Record<string, string>> = {
  HTTP_GET: 'url {\n path /\n}',
  SSL_GET: 'url {\n path /\n}',
  MISC_CHECK: 'misc_path "/bin/true"',
  FILE_CHECK: 'track_file f',
  BFD_CHECK: 'name b',
};
const checks = kinds.split(' ').map((kind) => `${kind} {\n${settings[kind] ?? ''}\n}`);
const { config } = loadText(
  'track_file f {\n file /tmp/f\n}\nvrrp_track_process p {\n process a\n}\nbfd_instance b {\n neighbor_ip 10.0.0.9\n}\n' +
    'vrrp_instance VI_1 {\n interface eth0\n virtual_router_id 5\n virtual_ipaddress {\n 10.0.0.1\n }\n' +
    ' track_process {\n p\n }\n track_bfd {\n b\n }\n}\n' +
    `virtual_server 10.0.0.1 80 {\n lb_algo rr\n lb_kind NAT\n protocol TCP\n real_server 10.0.0.2 80 {\n${checks.join('\n')}\n }\n}\n`,
);

test('the checkers part is told of all checks that it can run, and of no other: it would wait for their word', () => {
  const read = config.lvs.virtualServers[0]?.realServers[0]?.checkers.map(({ type }) => type) ?? [];
  const told = checkersSettings(config).lvs.virtualServers[0]?.realServers[0]?.checkers.map(({ type }) => type);
  assert.deepEqual(read, kinds.split(' '));
  assert.deepEqual(
    told,
    read.filter((type) => runnableChecks.has(type)),
  );
});

test('the vrrp part is not told to wait for processes and BFD sessions, which nobody watches yet', () => {
  const [read] = config.vrrp.instances;
  const [told] = engineConfig(config).vrrp.instances;
  assert.deepEqual([read?.trackProcess.length, read?.trackBfd.length], [1, 1]);
  assert.deepEqual([told?.trackProcess, told?.trackBfd], [[], []]);
});
