import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../../src/config/index.ts';
import { loadText, told } from '../load-text.ts';

export interface ModelCase {
  readonly name: string;
  readonly text: string;
  readonly read: (config: Config) => unknown;
  readonly expected: unknown;
}

/** Each text is taken without a word, and gives what is expected where it is looked for. */
export function modelTests(cases: readonly ModelCase[]): void {
  for (const { name, text, read, expected } of cases) {
    test(name, () => {
      const loaded = loadText(text);
      assert.deepEqual(told(loaded), []);
      assert.deepEqual(withoutSpans(read(loaded.config)), expected);
    });
  }
}

function withoutSpans(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'span' ? undefined : one))) as unknown;
}

export function instance(lines: string, address = '10.0.0.1'): string {
  return `vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  virtual_ipaddress {\n    ${address}\n  }\n${lines}\n}\n`;
}

export function service(lines: string, server = ''): string {
  return `virtual_server 10.0.0.1 80 {\n  delay_loop 5\n  lb_algo rr\n  lb_kind NAT\n  protocol TCP\n${lines}\n  real_server 192.168.0.2 8080 {\n${server}\n  }\n}\n`;
}

export const secured = 'global_defs {\n  enable_script_security\n  script_user root\n}\n';
