#!/bin/bash
# The first process of the guest kernel. The root file system is the host's own, so nothing is written outside the tmpfs mounts made here.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/shm && mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mkdir -p /run/tmp /run/lock
mount -t tmpfs modules /lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" /lib/modules/
modprobe -a ip_vs ip_vs_rr ip_vs_wrr ip_vs_wlc ip_vs_lc ip_vs_sh veth bridge macvlan dummy iptable_filter 2>/dev/null
ip link set lo up
export TMPDIR=/run/tmp HOME=/run/tmp LANG=C.UTF-8
stty -F /dev/ttyS0 raw -echo -onlcr
"$lab_node" "$lab_agent" /dev/ttyS0 </dev/null >/run/agent.log 2>&1
sync
halt -f
