import { defined } from '../defined.ts';
import type { DbusSettings, SnmpSettings } from '../model/global-defs.ts';
import type { Reading } from '../read.ts';

export function readSnmp(reading: Reading): SnmpSettings {
  const socket = reading.first('snmp_socket')?.statement.args;
  const extra = socket?.[1];
  if (extra !== undefined)
    reading.findings.error(
      'bad-argument',
      extra.span,
      `'snmp_socket' in ${reading.object} has more than one word`,
      'it takes one, such as tcp:127.0.0.1:705; the line is ignored',
    );
  const vsStatsUpdateIntervalMs = reading.number('snmp_vs_stats_update_interval') ?? 5000;
  const rfc = reading.flag('enable_snmp_rfc');
  return {
    ...defined({ socket: extra === undefined ? socket?.[0]?.text : undefined }),
    traps: reading.flag('enable_traps'),
    vrrp: reading.flag('enable_snmp_vrrp') || reading.flag('enable_snmp_keepalived'),
    checker: reading.flag('enable_snmp_checker'),
    rfcV2: rfc || reading.flag('enable_snmp_rfcv2'),
    rfcV3: rfc || reading.flag('enable_snmp_rfcv3'),
    vsStatsUpdateIntervalMs,
    rsStatsUpdateIntervalMs: reading.number('snmp_rs_stats_update_interval') ?? vsStatsUpdateIntervalMs,
  };
}

export function readDbus(reading: Reading): DbusSettings {
  return {
    enabled: reading.flag('enable_dbus'),
    serviceName: reading.text('dbus_service_name') ?? 'org.keepalived.Vrrp1',
    noInterfaceName: reading.text('dbus_no_interface_name') ?? 'none',
  };
}
