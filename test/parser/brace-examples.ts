/** Configurations as people write them, in which nothing is wrong. */
export const examples: Readonly<Record<string, string>> = {
  'one instance with a tracked script': `
global_defs {
    router_id LB1
    enable_script_security
    script_user root
}

vrrp_script chk_haproxy {
    script "/usr/bin/killall -0 haproxy"
    interval 2
    weight 2
    fall 2
}

vrrp_instance VI_1 {
    state MASTER
    interface eth0
    virtual_router_id 51
    priority 101
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    track_script {
        chk_haproxy
    }
    virtual_ipaddress {
        192.168.1.100/24 dev eth0 label eth0:1
        192.168.1.101/24
    }
}
`,
  'two instances in a group': `
global_defs {
    enable_script_security
    script_user root
}
vrrp_sync_group VG1 {
    group {
        VI_INSIDE
        VI_OUTSIDE
    }
    notify_master "/etc/keepalived/to-master.sh"
    notify_backup "/etc/keepalived/to-backup.sh" root
    smtp_alert
}

vrrp_instance VI_OUTSIDE {
    state BACKUP
    interface eth0
    virtual_router_id 61
    priority 100
    nopreempt
    virtual_ipaddress {
        10.1.0.1/24
    }
    track_interface {
        eth1
    }
}

vrrp_instance VI_INSIDE {
    state BACKUP
    interface eth1
    virtual_router_id 62
    priority 100
    nopreempt
    virtual_ipaddress {
        10.2.0.1/24
    }
}
`,
  'web servers behind NAT': `
virtual_server 192.168.0.174 80 {
    delay_loop 6
    lb_algo rr
    lb_kind NAT
    persistence_timeout 50
    protocol TCP

    real_server 192.168.10.2 80 {
        weight 1
        HTTP_GET {
            url {
                path /testurl/test.jsp
                digest 640205b7b0fc66c1ea91c463fac6334d
            }
            url {
                path /
                status_code 200
            }
            connect_timeout 3
            retry 3
            delay_before_retry 3
        }
    }
    real_server 192.168.10.3 80 {
        weight 1
        HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_timeout 3
        }
    }
}
`,
  'direct routing with a sorry server': `
virtual_server 10.0.0.5 443 {
    delay_loop 10
    lb_algo wlc
    lb_kind DR
    protocol TCP
    quorum 2
    hysteresis 1
    sorry_server 10.0.0.90 443
    real_server 10.0.0.11 443 {
        weight 10
        inhibit_on_failure
        TCP_CHECK {
            connect_timeout 3
            connect_port 443
        }
    }
    real_server 10.0.0.12 443 {
        weight 10
        TCP_CHECK {
            connect_timeout 3
        }
    }
    real_server 10.0.0.13 443 {
        TCP_CHECK {
        }
    }
}

virtual_server 10.0.0.5 80 {
    delay_loop 10
    protocol TCP
    lb_algo wlc
    lb_kind DR
    real_server 10.0.0.11 80 {
        TCP_CHECK {
        }
    }
}
`,
  'mail servers': `
global_defs {
    notification_email {
        admin@example.org
        noc@example.org
    }
    notification_email_from lvs@example.org
    smtp_server 127.0.0.1
    smtp_connect_timeout 30
    router_id LVS_MAIL
    enable_script_security
    script_user root
}

virtual_server 192.0.2.25 25 {
    delay_loop 15
    lb_algo wrr
    lb_kind TUN
    protocol TCP
    real_server 192.0.2.31 25 {
        weight 1
        SMTP_CHECK {
            connect_timeout 6
            retry 2
            helo_name director.example.org
        }
    }
    real_server 192.0.2.32 25 {
        weight 1
        MISC_CHECK {
            misc_path "/usr/local/bin/check-mail 192.0.2.32"
            misc_timeout 10
        }
    }
}
`,
  'a group of services': `
virtual_server_group WEB {
    192.0.2.80 80
    192.0.2.80 443
    192.0.2.81-85 80
    fwmark 7
}

virtual_server group WEB {
    delay_loop 5
    lb_algo sh
    lb_kind NAT
    protocol TCP
    real_server 10.9.0.2 80 {
        weight 100
        HTTP_GET {
            url {
                path /health
                status_code 200-204
            }
        }
    }
    real_server 10.9.0.3 80 {
        weight 100
        HTTP_GET {
            url {
                path /health
            }
        }
    }
}
`,
  'peers by unicast, with routes': `
vrrp_instance GW {
    state BACKUP
    interface eth1
    virtual_router_id 20
    priority 150
    advert_int 0.5
    version 3
    unicast_src_ip 172.16.0.2
    unicast_peer {
        172.16.0.3
        172.16.0.4
    }
    virtual_ipaddress {
        172.16.0.1/24
    }
    virtual_ipaddress_excluded {
        172.16.9.1/24
        fd00:16::1/64
    }
    virtual_routes {
        192.0.2.0/24 via 172.16.0.254 dev eth1
        198.51.100.0/24 via 172.16.0.253 dev eth1
    }
    virtual_rules {
        from 192.0.2.0/24 table 100 preference 100
    }
}
`,
  'both families': `
vrrp_instance V4 {
    interface eth0
    virtual_router_id 5
    priority 200
    use_vmac
    virtual_ipaddress {
        203.0.113.1/24
    }
}
vrrp_instance V6 {
    interface eth0
    virtual_router_id 5
    priority 200
    version 3
    use_vmac
    virtual_ipaddress {
        fe80::5
        2001:db8::5/64
    }
}
`,
  'files and static routes': `
global_defs {
    vrrp_garp_master_delay 2
    vrrp_garp_master_repeat 3
    vrrp_skip_check_adv_addr
}
static_routes {
    192.168.200.0/24 via 192.168.100.254 dev eth0
    192.168.201.0/24 via 192.168.100.254 dev eth0
}
track_file drain {
    file /run/keepalived/drain
    weight 1
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 77
    track_file {
        drain weight -10
    }
    virtual_ipaddress {
        192.168.100.1/24
    }
    garp_master_refresh 60
}
vrrp_instance VI_2 {
    interface eth1
    virtual_router_id 78
    track_file {
        drain
    }
    virtual_ipaddress {
        192.168.101.1/24
    }
}
`,
  'a director that does both': `
! Written by hand, as most are
global_defs {
    router_id director1        # this one
    enable_script_security
    script_user root
}
vrrp_instance VIP {
    state MASTER
    interface eth0
    virtual_router_id 41
    priority 100
    authentication {
        auth_type PASS
        auth_pass secret
    }
    virtual_ipaddress {
        192.168.0.174
    }
}
virtual_server 192.168.0.174 53 {
    delay_loop 5
    lb_algo rr
    lb_kind NAT
    protocol UDP
    ops
    real_server 10.0.0.53 53 {
        DNS_CHECK {
            type A
            name example.org
        }
    }
    real_server 10.0.0.54 53 {
        weight 2
        DNS_CHECK {
            name example.org
        }
    }
}
virtual_server 192.168.0.174 8080 {
    delay_loop 5
    protocol TCP
    lb_algo lc
    lb_kind NAT
    real_server 10.0.0.80 8080 {
        SSL_GET {
            url {
                path /
            }
            enable_sni
        }
        notify_down "/bin/logger down"
    }
}
`,
};
