import type { Config } from '../config/index.ts';
import { err, type IpvsOperation, type IpvsServiceKey, type IpvsTableEntry, type Result } from '../core/index.ts';
import { IpvsClient } from '../ipvs-netlink/index.ts';
import {
  desiredTable,
  formatPlan,
  newLvsState,
  plan,
  planReasons,
  serviceId,
  serviceKeyText,
  type LvsState,
  type PlanReason,
} from '../lvs/index.ts';
import { NetlinkClient } from '../netlink/index.ts';
import { enterNetworkNamespace, netlinkProtocol, openNetlink, realAlarm } from '../platform/index.ts';
import { FollowedChecks } from './followed-checks.ts';
import { checkersSettings } from './settings.ts';

/** What the track_files hold, by name. */
export type FileNumbers = Readonly<Record<string, number>>;

export interface PreviewStep extends PlanReason {
  readonly operation: IpvsOperation;
  /** The operation as one line for people. */
  readonly line: string;
}

/** What the checkers part would do to a table. */
export interface PlanPreview {
  readonly steps: readonly PreviewStep[];
  /** Services that are not in the configuration and stay. */
  readonly leftAlone: readonly { readonly service: IpvsServiceKey; readonly text: string; readonly servers: number }[];
}

/** A start of the daemon on a kernel that holds `actual`. `thresholds` false: `actual` does not tell them, so they count as right. */
export function previewStart(
  config: Config,
  actual: readonly IpvsTableEntry[],
  { where, thresholds, files }: { readonly where: string; readonly thresholds: boolean; readonly files: FileNumbers },
): PlanPreview {
  const state = startState(config, files);
  const desired = thresholds ? desiredTable(state) : withoutThresholds(desiredTable(state));
  if (!config.global.lvsFlush) {
    const wanted = new Set(desired.map(({ service }) => serviceId(service.key)));
    const leftAlone = actual
      .filter(({ service }) => !wanted.has(serviceId(service.key)))
      .map(({ service, destinations }) => ({
        service: service.key,
        text: serviceKeyText(service.key),
        servers: destinations.length,
      }));
    const operations = plan(desired, actual, new Set());
    return { steps: steps(operations, actual, reasons(operations, actual, state, where)), leftAlone };
  }
  const flushed = actual.map(({ service }): IpvsOperation => ({ op: 'del-service', service: service.key }));
  const gone = steps(flushed, actual, () => ({ why: 'lvs_flush empties the table at start' }));
  const made = plan(desired, [], new Set());
  return { steps: [...gone, ...steps(made, [], reasons(made, [], state, 'the emptied table'))], leftAlone: [] };
}

interface ConfigAndFiles {
  readonly config: Config;
  readonly files: FileNumbers;
}

/** A reload from one configuration to another. */
export function previewReload(from: ConfigAndFiles, to: ConfigAndFiles, where: string): PlanPreview {
  const actual = desiredTable(startState(from.config, from.files));
  const state = startState(to.config, to.files);
  const ours = new Set(actual.map(({ service }) => serviceId(service.key)));
  const operations = plan(desiredTable(state), actual, ours);
  return { steps: steps(operations, actual, reasons(operations, actual, state, where)), leftAlone: [] };
}

/** The table of this kernel, in the network namespace that the configuration names. Nothing is loaded or changed. */
export async function readKernelTable({ global }: Config): Promise<Result<readonly IpvsTableEntry[]>> {
  const namespace = global.netNamespaceIpvs ?? global.netNamespace;
  if (namespace !== undefined && namespace !== '') {
    const entered = enterNetworkNamespace(namespace);
    if (!entered.ok) return entered;
  }
  const netlink = new NetlinkClient(openNetlink(netlinkProtocol.generic), realAlarm);
  try {
    const client = await IpvsClient.open(netlink);
    if (!client.ok) return err(client.error.text);
    const table = await client.value.dump();
    return table.ok ? table : err(table.error.text);
  } finally {
    netlink.close();
  }
}

function startState(config: Config, files: FileNumbers): LvsState {
  const settings = checkersSettings(config);
  const followed = new FollowedChecks(() => undefined, { settings, files, bfds: {} });
  return newLvsState(settings.lvs, false, new Map(), followed.findings());
}

type ReasonOf = (i: number) => PlanReason;

function reasons(
  operations: readonly IpvsOperation[],
  actual: readonly IpvsTableEntry[],
  state: LvsState,
  where: string,
): ReasonOf {
  const all = planReasons(operations, actual, state, where);
  return (i) => all[i] ?? { why: '' };
}

function steps(
  operations: readonly IpvsOperation[],
  actual: readonly IpvsTableEntry[],
  reasonOf: ReasonOf,
): readonly PreviewStep[] {
  const lines = formatPlan(operations, actual);
  return operations.map((operation, i) => ({ operation, line: lines[i] ?? '', ...reasonOf(i) }));
}

function withoutThresholds(table: readonly IpvsTableEntry[]): readonly IpvsTableEntry[] {
  return table.map(({ service, destinations }) => ({
    service,
    destinations: destinations.map((server) => ({ ...server, upperThreshold: 0, lowerThreshold: 0 })),
  }));
}
