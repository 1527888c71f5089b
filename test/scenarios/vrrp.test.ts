import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { encodeAdvert, type EngineConfig, type InterfaceFacts, type VrrpEffect } from '../../src/vrrp/index.ts';
import { address, engineConfig, group, instance, ip, script, track } from '../vrrp/configuration.ts';
import { Director } from '../vrrp/director.ts';

/**
 * A scenario is a text: lines that begin in column 1 are given, indented lines are what came of them.
 * WATCHKEEPER_UPDATE=1 writes the indented lines anew: read the difference before it is committed.
 */

const folder = new URL('vrrp/', import.meta.url);

for (const file of readdirSync(folder)) {
  test(file, () => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const played = play(text.split('\n').filter((line) => !line.startsWith('  ')));
    if (process.env['WATCHKEEPER_UPDATE'] === '1') writeFileSync(new URL(file, folder), played);
    else assert.equal(played, text);
  });
}

interface Given {
  readonly instances: ReturnType<typeof instance>[];
  readonly groups: ReturnType<typeof group>[];
  readonly scripts: ReturnType<typeof script>[];
}

function play(lines: readonly string[]): string {
  const interfaces: InterfaceFacts[] = [];
  let given: Given = { instances: [], groups: [], scripts: [] };
  let director: Director | undefined;
  const out: string[] = [];
  const show = (): void => {
    if (director !== undefined) out.push(...traced(director.trace.splice(0)));
  };
  for (const line of lines) {
    const [first = '', word = '', ...rest] = line.split(' ');
    const nowMs = Number(first) * 1000;
    if (/^\d/.test(first) && director !== undefined) {
      director.run(nowMs - 0.001);
      show();
    }
    out.push(line);
    if (first === 'interface')
      interfaces.push({ ifname: word, ifindex: interfaces.length + 2, up: true, addresses: rest.map(ip) });
    else if (first === 'changed') given = { instances: [], groups: [], scripts: [] };
    else if (/^\d/.test(first)) {
      const made = configured(given);
      director ??= new Director(made, interfaces);
      act(director, word, rest, nowMs, made);
      show();
    } else if (!line.startsWith('#')) configure(given, first, word, rest);
  }
  return out.join('\n');
}

function configured({ instances, groups, scripts }: Given): EngineConfig {
  return engineConfig(instances, { syncGroups: groups, scripts });
}

function configure(given: Given, what: string, name: string, words: readonly string[]): void {
  const settings = new Map(words.map((word) => word.split('=') as [string, string]));
  const number = (key: string, otherwise: number): number => Number(settings.get(key) ?? otherwise);
  if (what === 'instance') {
    given.instances.push(
      instance(name, {
        interface: settings.get('interface') ?? 'eth0',
        virtualRouterId: number('vrid', 51),
        priority: number('priority', 100),
        state: settings.get('state') === 'MASTER' ? 'MASTER' : 'BACKUP',
        virtualIpaddress: (settings.get('vip') ?? '').split(',').filter(Boolean).map(address),
        trackScript: (settings.get('script') ?? '')
          .split(',')
          .filter(Boolean)
          .map((each) => track(each)),
      }),
    );
  } else if (what === 'group') given.groups.push(group(name, words));
  else if (what === 'script')
    given.scripts.push(script(name, { intervalMs: 1000 * number('interval', 1), fall: number('fall', 1) }));
  else assert.equal(what, '', `unknown line: ${what} ${name}`);
}

function act(
  director: Director,
  word: string,
  [a = '', b = '', c = '', d = '']: readonly string[],
  nowMs: number,
  config: EngineConfig,
): void {
  switch (word) {
    case 'start':
      director.start(nowMs);
      return;
    case 'link':
      director.setUp(a, b === 'up', nowMs);
      return;
    case 'removed':
      director.setAddress(a, ip(b), false, nowMs);
      return;
    case 'script':
      director.step({ type: 'script-result', script: a, ok: b === 'succeeds', reason: 'exited with status 1' }, nowMs);
      return;
    case 'reload':
      director.step({ type: 'reload', config }, nowMs);
      return;
    case 'stop':
      director.step({ type: 'stop', keepAddresses: false }, nowMs);
      return;
    case 'wait':
      director.run(nowMs);
      return;
    case 'advert': {
      const ours = config.vrrp.instances.find(
        ({ interface: ifname, virtualRouterId }) => ifname === a && virtualRouterId === Number(b),
      );
      const route = { source: ip(d), destination: ip('224.0.0.18') };
      const addresses = ours?.virtualIpaddress.map((entry) => entry.address) ?? [];
      const advert = {
        version: 2,
        virtualRouterId: Number(b),
        priority: Number(c),
        advertIntMs: 1000,
        addresses,
      } as const;
      director.step({ type: 'packet', ifname: a, ...route, ttl: 255, payload: encodeAdvert(advert, route) }, nowMs);
      return;
    }
    default:
      assert.fail(`unknown event ${word}`);
  }
}

/** One line per effect; equal ones in a row are one line with their number. */
function traced(trace: Director['trace']): readonly string[] {
  const lines: { readonly text: string; readonly atMs: number; times: number }[] = [];
  for (const { atMs, effect } of trace) {
    const text = described(effect);
    const last = lines.at(-1);
    if (last?.text === text) last.times++;
    else lines.push({ text, atMs, times: 1 });
  }
  return lines.map(
    ({ text, atMs, times }) => `  ${(atMs / 1000).toFixed(3)} ${text}${times > 1 ? ` (${String(times)} times)` : ''}`,
  );
}

function described(effect: VrrpEffect): string {
  switch (effect.type) {
    case 'send-advert':
      return `${effect.ifname}: advert of ${effect.instance}, priority ${String(effect.pdu[2])}`;
    case 'add-addresses':
    case 'remove-addresses':
      return `${effect.ifname}: ${effect.type.replace('-', ' ')} ${effect.entries.map((entry) => entry.address).join(' ')}`;
    case 'block-addresses':
      return `block ${effect.entries.map((entry) => entry.address).join(' ')}`;
    case 'unblock-addresses':
      return `unblock addresses of ${effect.instance}`;
    case 'add-routes':
    case 'remove-routes':
      return `${effect.type.replace('-', ' ')} ${effect.entries.map(({ to }) => to.address).join(' ')}`;
    case 'add-rules':
    case 'remove-rules':
      return `${effect.type.replace('-', ' ')} ${effect.entries.map(({ preference }) => String(preference)).join(' ')}`;
    case 'announce':
      return `${effect.ifname}: announce ${effect.address}`;
    case 'notify':
      return `notify: ${effect.object} ${effect.name} ${effect.state} ${String(effect.priority)}`;
    case 'run-script':
      return `run script ${effect.script}`;
    case 'log':
      return `log: ${effect.text}`;
  }
}
