import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lint, parseFacts } from '../../src/lint/index.ts';
import { textFiles } from '../../src/parser/index.ts';

const config = `global_defs {
  enable_script_security
  script_user keeper
}
vrrp_script chk {
  script /opt/check
  interval 2
}
vrrp_instance VI_1 {
  interface eth7
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    192.0.2.10/24
  }
  track_script {
    chk
  }
}
`;

function rulesFound(factsText: string | undefined): readonly string[] {
  const facts = factsText === undefined ? undefined : parseFacts(factsText);
  assert.ok(facts?.ok !== false);
  const { findings } = lint({
    file: 'x.conf',
    files: textFiles({ 'x.conf': config }),
    ...(facts === undefined ? {} : { facts: facts.value }),
  });
  return findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
}

describe('facts about the host', () => {
  test('without them nothing that depends on the host is judged', () => {
    assert.deepEqual(rulesFound(undefined), []);
  });
  test('each part is judged where it is given', () => {
    assert.deepEqual(rulesFound('{"interfaces":[{"name":"eth0"}]}'), ['no-such-interface']);
    assert.deepEqual(rulesFound('{"users":["root"]}'), ['unknown-user']);
    assert.deepEqual(rulesFound('{"programs":{"/opt/check":{"executable":false}}}'), ['script-missing']);
  });
  test('where all is well nothing is found', () => {
    assert.deepEqual(
      rulesFound('{"interfaces":[{"name":"eth7"}],"users":["keeper"],"programs":{"/opt/check":{"executable":true}}}'),
      [],
    );
  });
  for (const [name, text] of [
    ['no JSON', 'interfaces: eth0'],
    ['a list', '[]'],
    ['interfaces as names', '{"interfaces":["eth0"]}'],
    ['users that are numbers', '{"users":[5]}'],
    ['a program without a word about it', '{"programs":{"/x":{}}}'],
    ['sysctls that are numbers', '{"sysctls":{"net.ipv4.ip_forward":1}}'],
  ] as const) {
    test(`a file that is not right is an error: ${name}`, () => {
      const parsed = parseFacts(text);
      assert.ok(!parsed.ok && parsed.error.length > 0);
    });
  }
});
