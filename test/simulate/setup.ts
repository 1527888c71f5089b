import assert from 'node:assert/strict';
import { formatDiagnostic } from '../../src/core/index.ts';
import { engineConfig } from '../../src/daemon/index.ts';
import { parseScript, play, type DirectorSetup, type Outcome, type Script } from '../../src/simulate/index.ts';
import { loadText } from '../config/load-text.ts';

/** Directors d1, d2 … of configurations as text. */
export function directors(...texts: readonly string[]): readonly DirectorSetup[] {
  return texts.map((text, i) => {
    const { config, usable } = loadText(text, { host: {} });
    assert.ok(usable);
    return {
      name: `d${String(i + 1)}`,
      file: `d${String(i + 1)}.conf`,
      config: engineConfig(config),
      reloads: new Map(),
    };
  });
}

export function script(text: string): Script {
  const parsed = parseScript('script', text);
  assert.deepEqual(parsed.diagnostics.map(formatDiagnostic), []);
  return parsed.script;
}

/** Plays a script whose expectations must all hold. */
export function holds(setups: readonly DirectorSetup[], text: string, seed = 1): Outcome {
  const outcome = play(setups, script(text), seed);
  assert.ok(outcome.ok, outcome.ok ? '' : outcome.error.map(formatDiagnostic).join('\n'));
  for (const { expectation, held, seen } of outcome.value.verdicts) assert.ok(held, `${expectation.text}: ${seen}`);
  assert.equal(outcome.value.verdicts.length, text.match(/^\s*(?:always )?expect /gm)?.length ?? 0);
  return outcome.value;
}

/** The lines of an instance on eth0 with id 51; `more` are further ones. */
export function instance(priority: number, more = '', { name = 'VI_1', vip = '192.0.2.100' } = {}): string {
  const addresses = more.includes('virtual_ipaddress') ? '' : `virtual_ipaddress {\n${vip}\n}\n`;
  const own = `${more.includes('interface ') ? '' : 'interface eth0\n'}${more.includes('virtual_router_id') ? '' : 'virtual_router_id 51\n'}`;
  return `vrrp_instance ${name} {\n${own}priority ${String(priority)}\n${addresses}${more}\n}\n`;
}
