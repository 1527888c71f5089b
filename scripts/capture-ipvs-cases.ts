/** What ipvsadm is told, in order, of an interface wire0. */
export const ipvsadmLines = [
  // Before the services: with a server of the other family there the kernel starts no daemon.
  '--start-daemon master --mcast-interface wire0 --syncid 5',
  '--start-daemon backup --mcast-interface wire0 --syncid 6 --sync-maxlen 1000 --mcast-group 224.0.0.99 --mcast-port 8899 --mcast-ttl 3',
  '-L -n --daemon',
  '--stop-daemon backup',
  '--start-daemon backup --mcast-interface wire0 --mcast-group ff02::99',
  '-L -n --daemon',
  '--stop-daemon master',
  '--stop-daemon backup',
  '--stop-daemon backup',
  '-A -t 192.0.2.1:80 -s rr',
  '-A -u 192.0.2.1:53 -s wlc -o',
  '-A --sctp-service 192.0.2.1:3868 -s lc',
  '-A -t [2001:db8::1]:443 -s mh -b mh-port,mh-fallback -p 360 -M 64',
  '-A -t 192.0.2.2:0 -s sh -b sh-port,sh-fallback -p 50 -M 255.255.255.0',
  '-A -u 192.0.2.1:5060 -s wrr -p 60 --pe sip',
  '-A -f 7 -s wlc',
  '-A -f 8 -6 -s sed -p 30 -M 48',
  '-E -t 192.0.2.1:80 -s wrr -b flag-1,flag-2,flag-3',
  '-a -t 192.0.2.1:80 -r 198.51.100.1:8080 -m -w 3 -x 1000 -y 800',
  '-a -t 192.0.2.1:80 -r 198.51.100.2 -g',
  '-a -t 192.0.2.1:80 -r 198.51.100.3:80 -i',
  '-a -t 192.0.2.1:80 -r 198.51.100.4:80 -i --tun-type gue --tun-port 6080 --tun-nocsum',
  '-a -t 192.0.2.1:80 -r 198.51.100.5:80 -i --tun-type gue --tun-port 6080 --tun-remcsum',
  '-a -t 192.0.2.1:80 -r 198.51.100.6:80 -i --tun-type gre --tun-csum',
  '-a -t 192.0.2.1:80 -r [2001:db8:1::7]:80 -i',
  '-a -t [2001:db8::1]:443 -r [2001:db8:1::1]:443 -g -w 65535',
  '-a -t [2001:db8::1]:443 -r 198.51.100.7:443 -i --tun-type gue --tun-port 6080 --tun-csum',
  '-a -f 7 -r 198.51.100.8:0 -g -w 0',
  '-a -f 8 -6 -r [2001:db8:1::8]:0 -m',
  '-e -t 192.0.2.1:80 -r 198.51.100.1:8080 -m -w 0 -x 0 -y 0',
  '-e -t 192.0.2.1:80 -r 198.51.100.2 -i --tun-type gre',
  '-A -t 192.0.2.1:80 -s rr',
  '-a -t 192.0.2.9:80 -r 198.51.100.1:80 -m',
  '--set 901 121 301',
  '-L -n',
  '-L -n -t 192.0.2.1:80',
  '-L -n --timeout',
  '-Z -t 192.0.2.1:80',
  '-Z',
  '-d -t 192.0.2.1:80 -r 198.51.100.1:8080',
  '-d -t [2001:db8::1]:443 -r [2001:db8:1::1]:443',
  '-D -t 192.0.2.1:80',
  '-D -f 8 -6',
  '-C',
  '-L -n',
];

/** A configuration of all that keepalived writes to the kernel. */
export function keepalivedConfig(weight: number, scheduler: string, more: string): string {
  return `global_defs {
  lvs_timeouts tcp 902 tcpfin 122 udp 302
  lvs_sync_daemon wire0 VI_1 id 11 maxlen 1000 port 8888 ttl 3 group 224.0.0.99
}
vrrp_instance VI_1 {
  state MASTER
  interface wire0
  virtual_router_id 9
  priority 200
  advert_int 1
}
virtual_server_group both {
  192.0.2.10-11 80
  fwmark 10
}
virtual_server 192.0.2.1 80 {
  protocol TCP
  lvs_sched ${scheduler}
  lvs_method NAT
  delay_loop 1
  persistence_timeout 50
  persistence_granularity 255.255.255.0
  sorry_server 198.51.100.90 80
  real_server 198.51.100.1 8080 {
    weight ${String(weight)}
    uthreshold 1000
    lthreshold 800
  }
  real_server 198.51.100.2 8080 {
    lvs_method DR
    TCP_CHECK {
      connect_timeout 1
      retry 0
    }
  }
  real_server 198.51.100.3 8080 {
    lvs_method TUN
  }
  real_server 198.51.100.4 8080 {
    lvs_method TUN type gue port 6080 csum
  }
  real_server 198.51.100.5 8080 {
    lvs_method TUN type gre nocsum
  }
  real_server 198.51.100.6 8080 {
    inhibit_on_failure
    TCP_CHECK {
      connect_timeout 1
      retry 0
    }
  }
}
virtual_server 192.0.2.2 5060 {
  protocol UDP
  lvs_sched wrr
  lvs_method NAT
  persistence_engine sip
  persistence_timeout 60
  real_server 198.51.100.1 5060 {
    weight 2
  }
}
virtual_server 192.0.2.2 3868 {
  protocol SCTP
  lvs_sched lc
  lvs_method DR
  real_server 198.51.100.1 3868 {
  }
}
virtual_server 192.0.2.2 53 {
  protocol UDP
  ops
  lvs_sched mh
  mh-port
  mh-fallback
  lvs_method DR
  real_server 198.51.100.1 53 {
  }
}
virtual_server 2001:db8::1 443 {
  protocol TCP
  lvs_sched sh
  sh-port
  sh-fallback
  lvs_method NAT
  persistence_timeout 30
  persistence_granularity 64
  real_server 2001:db8:1::1 443 {
    weight 5
  }
  real_server 198.51.100.7 443 {
    lvs_method TUN type gue port 6080 remcsum
  }
}
virtual_server fwmark 7 {
  lvs_sched wlc
  lvs_method DR
  real_server 198.51.100.8 0 {
  }
}
virtual_server fwmark 8 {
  ip_family inet6
  lvs_sched sed
  lvs_method DR
  sorry_server 2001:db8:1::90 0
  delay_loop 1
  real_server 2001:db8:1::8 0 {
    TCP_CHECK {
      connect_port 80
      connect_timeout 1
      retry 0
    }
  }
}
virtual_server group both {
  protocol TCP
  lvs_sched rr
  lvs_method TUN
  real_server 198.51.100.9 80 {
  }
}
${more}`;
}

export const oneMore = `virtual_server 192.0.2.3 80 {
  protocol TCP
  lvs_sched rr
  lvs_method NAT
  real_server 198.51.100.1 80 {
  }
}
`;
