import type { SourceSpan } from '../../core/index.ts';
import type { Word } from '../../parser/index.ts';
import { checkInterfaces, type NamedInterface } from '../interfaces.ts';
import type { GlobalDefs } from '../model/global-defs.ts';
import type { GarpGroup, TrackGroup, VrrpSyncGroup } from '../model/vrrp.ts';
import { readBlock, type Entry, type Findings, type Reading } from '../read.ts';
import { notifyScripts } from './notify.ts';
import { trackLists } from './track-lists.ts';

export function buildSyncGroup(
  findings: Findings,
  name: string,
  { statement }: Entry,
  global: GlobalDefs,
): VrrpSyncGroup {
  const object = `vrrp_sync_group ${name}`;
  const reading = readBlock(findings, 'vrrp_sync_group', object, statement.block?.statements ?? []);
  const group = members(reading);
  const { span } = statement.keyword;
  if (group.length === 0)
    findings.error('missing-keyword', span, `${object} has no members`, "add 'group { INSTANCE … }'");
  return {
    name,
    span,
    group,
    ...notifyScripts(reading),
    ...trackLists(findings, object, reading),
    syncGroupTrackingWeight: reading.flag('sync_group_tracking_weight'),
    globalTracking: reading.flag('global_tracking'),
    notifyPriorityChanges: reading.flag('notify_priority_changes', global.vrrpNotifyPriorityChanges),
    smtpAlert: reading.flag('smtp_alert', global.smtpAlertVrrp ?? global.smtpAlert ?? false),
  };
}

/** The names of a `group` block; of a second one the reference takes none. */
function members(reading: Reading): readonly string[] {
  return (reading.first('group')?.statement.block?.statements ?? []).flatMap((line) =>
    [line.keyword, ...line.args].map(({ text }) => text),
  );
}

export function buildTrackGroup(findings: Findings, name: string, { statement }: Entry): TrackGroup {
  const object = `track_group ${name}`;
  const reading = readBlock(findings, 'track_group', object, statement.block?.statements ?? []);
  const group = members(reading);
  const entry = reading.entry('group');
  if (entry !== undefined && group.length === 0)
    findings.warning(
      'empty-block',
      entry.statement.keyword.span,
      `the group of ${object} names nobody`,
      'add the name of an instance a line, or remove the block',
    );
  return { name, span: statement.keyword.span, group };
}

/** Interfaces that are in a group already stay in that one. */
export function buildGarpGroups(findings: Findings, root: Reading): readonly GarpGroup[] {
  const taken = new Map<string, SourceSpan>();
  return root.all('garp_group').flatMap(({ statement }) => {
    const reading = readBlock(findings, 'garp_group', 'garp_group', statement.block?.statements ?? []);
    const { span } = statement.keyword;
    if (!reading.has('garp_interval') && !reading.has('gna_interval')) {
      findings.error(
        'missing-keyword',
        span,
        'garp_group has no interval',
        "add 'garp_interval SECONDS' or 'gna_interval SECONDS'; the block is ignored",
      );
      return [];
    }
    const words = interfaceWords(findings, reading).filter((word) => isFree(findings, taken, word));
    checkInterfaces(findings, 'garp_group', words.map(namedInterface));
    return [
      {
        span,
        garpIntervalMs: reading.number('garp_interval') ?? 0,
        gnaIntervalMs: reading.number('gna_interval') ?? 0,
        interfaces: words.map(({ text }) => text),
      },
    ];
  });
}

function namedInterface({ text, span }: Word): NamedInterface {
  return { name: text, span };
}

function interfaceWords(findings: Findings, reading: Reading): readonly Word[] {
  return reading.entries.flatMap(({ keyword, statement }): readonly Word[] => {
    if (keyword.name === 'interface') return statement.args.slice(0, 1);
    if (keyword.name !== 'interfaces') return [];
    const words = (statement.block?.statements ?? []).flatMap((line) => [line.keyword, ...line.args]);
    if (words.length === 0)
      findings.warning(
        'empty-block',
        statement.keyword.span,
        'the interfaces of garp_group are none',
        'add the name of an interface a line, or remove the block',
      );
    return words;
  });
}

function isFree(findings: Findings, taken: Map<string, SourceSpan>, { text, span }: Word): boolean {
  if (!taken.has(text)) {
    taken.set(text, span);
    return true;
  }
  findings.error('duplicate-entry', span, `interface ${text} is in a garp_group already`, 'the first counts');
  return false;
}
