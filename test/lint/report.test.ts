import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { describe, test } from 'node:test';
import Ajv from 'ajv';
import type { Log } from 'sarif';
import {
  checkstyleReport,
  githubReport,
  humanReport,
  jsonReport,
  junitReport,
  lint,
  parseBaseline,
  sarifReport,
  withoutKnown,
  writeBaseline,
  type Finding,
  type ReportInput,
} from '../../src/lint/index.ts';
import { textFiles } from '../../src/parser/index.ts';

const main = `global_defs {
	prioriti 5 # <"&'>
}
vrrp_track_file é {
  file /run/x
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  authentication {
    auth_type PASS
    auth_pass longsecretword
  }
  virtual_ipaddress {
    192.0.2.10/24
  }
}
`;
const files = { 'director1.conf': main, 'director2.conf': main };

function input(): ReportInput {
  const { findings, sources, suppressed } = lint({
    file: 'director1.conf',
    files: textFiles(files),
    peers: ['director2.conf'],
    disable: ['keyword-not-done'],
  });
  const wanted = new Set(['unknown-keyword', 'deprecated-keyword', 'auth-pass-too-long', 'peer-priority']);
  return {
    version: '1.2.3',
    files: ['director1.conf'],
    findings: findings.filter(({ rule }) => wanted.has(rule)),
    sources,
    suppressed,
  };
}

const forms = {
  'human.txt': (report: ReportInput) => humanReport(report, { color: false }),
  'human-color.txt': (report: ReportInput) => humanReport(report, { color: true }),
  'report.json': jsonReport,
  'github.txt': githubReport,
  'junit.xml': junitReport,
  'checkstyle.xml': checkstyleReport,
};

const golden = path.join(import.meta.dirname, '../golden/lint');

describe('the forms of output', () => {
  for (const [name, make] of Object.entries(forms)) {
    test(name, () => {
      const text = make(input());
      const file = path.join(golden, name);
      if (process.env['UPDATE_GOLDEN'] === '1') {
        mkdirSync(golden, { recursive: true });
        writeFileSync(file, text);
      }
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  test('none of them tells a password', () => {
    for (const make of [...Object.values(forms), sarifReport]) assert.doesNotMatch(make(input()), /longsecret/);
  });

  test('control characters of a file do not reach the terminal', () => {
    const { findings, sources } = lint({
      file: 'x.conf',
      files: textFiles({ 'x.conf': 'prioriti \u001b[31mred\u0007\n' }),
    });
    const text = humanReport({ version: '1', files: ['x.conf'], findings, sources, suppressed: 0 }, { color: false });
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    assert.doesNotMatch(text, /[\u001b\u0007]/);
    assert.match(text, /prioriti/);
  });
});

interface Schema {
  readonly id: string;
}

describe('SARIF', () => {
  const require = createRequire(import.meta.url);
  const schema = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as Schema;
  const ajv = new Ajv({ schemaId: 'id', unknownFormats: 'ignore', meta: false });
  ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json') as object);
  const validate = ajv.compile(schema);

  const cases: readonly (readonly [string, ReportInput])[] = [
    ['findings with places, related places and fixes', input()],
    ['no findings', { ...input(), findings: [] }],
    [
      'a finding without a place',
      { ...input(), findings: [{ rule: 'config-missing', severity: 'error', message: 'it does not exist' }] },
    ],
  ];
  for (const [name, report] of cases) {
    test(`${name}: valid by the published schema`, () => {
      const log = JSON.parse(sarifReport(report)) as Log;
      assert.equal(validate(log), true, JSON.stringify(validate.errors, null, 2));
      assert.equal(log.runs[0]?.results?.length, report.findings.length);
    });
  }

  test('the schema can say no', () => {
    assert.equal(validate({ version: '2.1.0', runs: [{ results: [] }] }), false);
  });

  test('every result names its rule, its place and how grave it is', () => {
    const [run] = (JSON.parse(sarifReport(input())) as Log).runs;
    const results = (run?.results ?? []).map(({ ruleId, level, locations, ruleIndex }) => [
      ruleId,
      run?.tool.driver.rules?.[ruleIndex ?? -1]?.id,
      level,
      locations?.[0]?.physicalLocation?.region?.startLine,
    ]);
    assert.deepEqual(results, [
      ['unknown-keyword', 'unknown-keyword', 'error', 2],
      ['deprecated-keyword', 'deprecated-keyword', 'warning', 4],
      ['peer-priority', 'peer-priority', 'warning', 10],
      ['auth-pass-too-long', 'auth-pass-too-long', 'warning', 13],
    ]);
  });
});

describe('a baseline', () => {
  const findings = (text: string): readonly Finding[] =>
    lint({ file: 'x.conf', files: textFiles({ 'x.conf': text }) }).findings;

  test('hides what is known, also after lines have moved, and tells what is new', () => {
    const known = parseBaseline(writeBaseline(findings('prioriti\n')));
    assert.ok(known.ok);
    const now = withoutKnown(findings('# a comment\n\nprioriti\nprioritz\n'), known.value);
    assert.deepEqual(
      now.map(({ message }) => message),
      ["unknown keyword 'prioritz' in the top level"],
    );
  });

  test('a second finding of the same words is new', () => {
    const known = parseBaseline(writeBaseline(findings('prioriti\n')));
    assert.ok(known.ok);
    assert.equal(withoutKnown(findings('prioriti\nprioriti\n'), known.value).length, 1);
  });

  for (const [name, text] of [
    ['no JSON', '{'],
    ['no list', '{"findings": 5}'],
    ['a list of something else', '[1]'],
  ] as const) {
    test(`a file that is none is an error: ${name}`, () => {
      assert.equal(parseBaseline(text).ok, false);
    });
  }
});
