#!/bin/bash
# The first process of a guest kernel that becomes systemd, with a package of ours installed: FOLDER (the kernel's `folder=`) holds
# package.deb, keepalived.conf, told.sh and steps.sh, whose output is the console's. The root file system is the host's own under a layer in memory, so
# nothing is written outside of it. Units of the host are masked but for the journal.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
mount -t tmpfs modules /lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" /lib/modules/
modprobe -a overlay ip_vs ip_vs_rr veth dummy
mount -t tmpfs -o size=500m layer /mnt
mkdir /mnt/upper /mnt/work /mnt/root
if ! mount -t overlay root -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root; then
  echo '== no overlay'
  halt -f
fi
cd /mnt/root || halt -f
cp usr/sbin/keepalived reference
dpkg-deb --fsys-tarfile "$folder/package.deb" | tar -x --keep-directory-symlink -f -
rm -rf etc/systemd/system
mkdir -p etc/systemd/system etc/keepalived
: >etc/fstab
for wants in sysinit sockets multi-user timers local-fs basic; do
  for unit in usr/lib/systemd/system/"$wants".target.wants/*; do
    name=${unit##*/}
    case $name in
    systemd-journald* | *.target) ;;
    *) ln -sf /dev/null "etc/systemd/system/$name" ;;
    esac
  done
done
for name in systemd-udevd.service systemd-logind.service systemd-user-sessions.service network-online.target; do
  ln -sf /dev/null "etc/systemd/system/$name"
done
cp "$folder/keepalived.conf" "$folder/told.sh" etc/keepalived/
cp "$folder/steps.sh" steps.sh
cat >etc/systemd/system/steps.service <<'UNIT'
[Unit]
After=basic.target
[Service]
Type=oneshot
ExecStart=/bin/bash /steps.sh
ExecStopPost=/sbin/halt -f
StandardOutput=tty
StandardError=tty
TTYPath=/dev/tty0
UNIT
cat >etc/systemd/system/steps.target <<'UNIT'
[Unit]
Requires=basic.target
Wants=steps.service
After=basic.target
UNIT
mkdir -p etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\n' >etc/systemd/journald.conf.d/volatile.conf
for folder in proc sys dev; do mount --move "/$folder" "$folder"; done
mount --bind /lib/modules usr/lib/modules
exec switch_root /mnt/root /lib/systemd/systemd --unit=steps.target --log-level=err --log-target=console --show-status=no
