import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { whyNoLab } from '../lab/available.ts';
import { makeCertificate } from '../lab/cluster.ts';
import { Machine, projectRoot } from '../lab/machine.ts';
import { configOf, serversOf, webCases } from '../lab/web-cases.ts';

/** The same checks of the same web servers: what is asked for is the same to the byte, and so is what is made of the answer. */

interface Seen {
  readonly requests: readonly string[];
  readonly servernames: readonly string[];
  readonly clients: readonly string[];
  readonly up: boolean;
}

const trouble = whyNoLab('with IPVS');
if (trouble !== undefined) console.log(`skipped: checks of web servers beside the reference: ${trouble}`);

const captured = join(projectRoot, 'test', 'wire', 'http', 'requests.json');
const programs = {
  keepalived: process.env['KEEPALIVED'] ?? 'keepalived',
  watchkeeper: `${process.execPath} ${join(projectRoot, 'bin', 'watchkeeper')}`,
};

describe('checks of web servers beside the reference', { skip: trouble ?? false, timeout: 900_000 }, () => {
  let machine: Machine;
  let results: Readonly<Record<keyof typeof programs, readonly Seen[]>>;
  const folder = mkdtempSync(join(tmpdir(), 'watchkeeper-web-'));

  async function run(ns: string, daemon: string): Promise<readonly Seen[]> {
    const job = join(folder, `${ns}.json`);
    const result = join(folder, `${ns}.result.json`);
    const { certificate: cert, key } = makeCertificate();
    const conf = join(folder, 'keepalived.conf');
    writeFileSync(conf, configOf(webCases));
    const cases = serversOf(webCases, { cert, key });
    writeFileSync(job, JSON.stringify({ daemon, conf, cases, seconds: 8, log: join(folder, `${ns}.log`) }));
    await machine.run(undefined, `ip netns add ${ns} && ip -n ${ns} link set lo up`);
    const script = join(projectRoot, 'test', 'lab', 'web-twin-run.mjs');
    await machine.run(ns, `exec ${process.execPath} ${script} ${job} ${result}`, { timeoutMs: 200_000 });
    return JSON.parse(readFileSync(result, 'utf8')) as readonly Seen[];
  }

  before(async () => {
    machine = await Machine.withIpvs();
    const keepalived = await run('webk', programs.keepalived);
    results = { keepalived, watchkeeper: await run('webw', programs.watchkeeper) };
    if (process.env['WRITE_WIRE'] === undefined) return;
    const wire = webCases.map(({ name }, i) => ({ name, ...keepalived[i] }));
    writeFileSync(captured, `${JSON.stringify(wire, undefined, 2)}\n`);
  });
  after(() => {
    machine.close();
    rmSync(folder, { recursive: true });
  });

  for (const [i, { name }] of webCases.entries()) {
    test(name, () => {
      const reference = results.keepalived[i];
      assert.ok(reference !== undefined && reference.requests.length > 0, 'the reference asked');
      assert.deepEqual(results.watchkeeper[i], reference);
    });
  }

  test('servers are up and down, so that the comparison says something', () => {
    const up = results.keepalived.filter((one) => one.up).length;
    assert.ok(up > 30 && up < webCases.length - 15, `${String(up)} of ${String(webCases.length)} are up`);
  });
});
