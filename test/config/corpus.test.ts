import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementTable, corpusFolder, judgeCorpus } from '../../scripts/corpus-agreement.ts';

const folder = corpusFolder();
const skip = folder === undefined && 'no corpus of real configurations: WATCHKEEPER_CORPUS names its folder';

test('at least 99 of 100 real configurations get the exit status that keepalived gives', { skip }, () => {
  const judged = judgeCorpus(folder ?? '');
  const agreed = judged.filter(({ reference, ours }) => reference === ours).length;
  assert.ok(judged.length > 0 && agreed / judged.length >= 0.99, agreementTable(judged));
});
