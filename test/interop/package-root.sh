#!/bin/bash
# Plays the life of the package in a throw-away copy of this system: replace keepalived, start again, remove, purge, and back.
# What is found is printed in parts, each after a line '== NAME'. Usage: package-root.sh PACKAGE FOLDER   (in namespaces of its own)
set -eu
package=$1 root=$2
mount --make-rprivate /
mount -t tmpfs upper "$root"
mkdir "$root/upper" "$root/work" "$root/root"
mount -t overlay root -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/root"
cp "$package" "$root/root/package.deb"
cd "$root/root"
mount -t proc proc proc
mount --rbind /dev dev
mount --rbind /sys sys
for folder in run tmp; do mount -t tmpfs "$folder" "$folder"; done
exec chroot . /usr/bin/env -i PATH=/stubs:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive bash -eus <<'INSIDE'
exec 2>&1
part() { echo "== $1"; }
# The part of systemd: it starts and stops the service where the maintainer's scripts ask for it.
mkdir /stubs
mkdir -p /run/systemd/system /run/lock
cat >/stubs/deb-systemd-invoke <<'STUB'
#!/bin/sh
echo "$*" >>/tmp/calls
stop() {
  [ -e /run/keepalived.pid ] || return 0
  pid=$(cat /run/keepalived.pid)
  kill "$pid"
  while [ -d "/proc/$pid" ]; do sleep 0.1; done
}
case $1 in
start) /usr/sbin/keepalived </dev/null >/dev/null 2>&1 ;;
stop) stop ;;
restart) stop && /usr/sbin/keepalived </dev/null >/dev/null 2>&1 ;;
esac
STUB
printf '#!/bin/sh\nexit 0\n' >/stubs/systemctl
printf '#!/bin/sh\nexit 0\n' >/stubs/invoke-rc.d
chmod +x /stubs/*
calls() { cat /tmp/calls; : >/tmp/calls; }
: >/tmp/calls
install() { dpkg --force-unsafe-io --no-triggers "$@" >/tmp/dpkg.log || { cat /tmp/dpkg.log; exit 1; }; }
has_address() {
  for _ in $(seq 900); do
    if ip -o addr show dev eth0 | grep -q '10\.9\.0\.9/'; then echo "address ${1:-}"; return 0; fi
    sleep 0.1
  done
  echo "no address ${1:-}"
}
traces() {
  find /etc /usr/bin /usr/sbin /usr/lib/systemd /usr/lib/watchkeeper /usr/share/man /usr/share/doc/watchkeeper /usr/share/bash-completion \
    /usr/share/lintian /var/lib/systemd /var/lib/dpkg/info /run -xdev ! -name keepalived.conf -printf '%p %y %l\n' 2>/dev/null | sort
}
# Debian's package again, from what is installed of it.
mkdir -p /old/DEBIAN
dpkg -L keepalived | while read -r file; do [ -d "$file" ] || cp -a --parents "$file" /old; done
for part in conffiles md5sums postinst postrm preinst prerm; do
  [ ! -e "/var/lib/dpkg/info/keepalived.$part" ] || cp "/var/lib/dpkg/info/keepalived.$part" "/old/DEBIAN/$part"
done
dpkg-query -s keepalived | awk '/^Conffiles:/ {skip=1; next} /^[^ ]/ {skip=0} !skip && !/^Status:/' >/old/DEBIAN/control
dpkg-deb --root-owner-group -Znone --build /old /old.deb >/dev/null

mkdir -p /etc/keepalived
cat >/etc/keepalived/keepalived.conf <<'CONF'
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 41
  priority 100
  version 3
  advert_int 0.2
  virtual_ipaddress { 10.9.0.9 }
}
CONF
ip link set lo up
ip link add eth0 type veth peer name far
ip addr add 10.9.0.1/24 dev eth0
ip link set far up
ip link set eth0 up
DPKG_MAINTSCRIPT_PACKAGE=keepalived deb-systemd-helper enable keepalived.service
traces >/tmp/before
deb-systemd-invoke start keepalived.service
: >/tmp/calls
part running
has_address before

part replaced
install -i /package.deb
calls
dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' keepalived watchkeeper
keepalived --version 2>&1 | head -n 1
has_address after
keepalived -t && echo "-t says $?"
genhash --help 2>&1 | head -n 2 || true
readlink /etc/systemd/system/multi-user.target.wants/keepalived.service
bin=$(readlink -f "/proc/$(cat /run/keepalived.pid)/exe") && echo "runs $bin"
md5sum --quiet -c /var/lib/dpkg/info/watchkeeper.md5sums && echo "sums are right"
gzip -cd /usr/share/man/man8/watchkeeper.8.gz | head -n 1

part upgraded
DPKG_MAINTSCRIPT_PACKAGE=watchkeeper /var/lib/dpkg/info/watchkeeper.postinst configure 0.0.1
calls
has_address after

part removed
install -r watchkeeper
calls
[ -e /run/keepalived.pid ] && echo "still running" || echo "stopped"
ip -o addr show dev eth0 | grep -c '10\.9\.0\.9/' || true
ls /usr/lib/watchkeeper /usr/sbin/keepalived 2>&1 | grep -c 'No such file' || true

part back
install -i /old.deb
calls
keepalived --version 2>&1 | head -n 1
has_address back
install --purge watchkeeper
deb-systemd-invoke stop keepalived.service
traces >/tmp/after
part left
diff /tmp/before /tmp/after || true

# A keepalived whose unit is in /usr/lib, as in later releases of Debian: the same folder by another name.
part unit
mkdir -p /old/usr/lib && mv /old/lib/systemd /old/usr/lib/systemd
sed -i 's,  lib/systemd,  usr/lib/systemd,' /old/DEBIAN/md5sums
rmdir /old/lib
dpkg-deb --root-owner-group -Znone --build /old /old.deb >/dev/null
install -i /old.deb
install -i /package.deb
grep -c '^ExecStart=/usr/sbin/keepalived --dont-fork' /lib/systemd/system/keepalived.service
cmp /lib/systemd/system/keepalived.service /usr/lib/watchkeeper/keepalived.service && echo "it is ours"
deb-systemd-invoke stop keepalived.service

part purged
install --purge keepalived 2>&1
[ -e /lib/systemd/system/keepalived.service ] && echo "the unit stays"
readlink /etc/systemd/system/multi-user.target.wants/keepalived.service || echo "not started at boot"
part end
INSIDE
