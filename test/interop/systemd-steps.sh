# The life of the service under systemd, told in parts, each after a line '== NAME'. keepalived is the other director, in a namespace of its own.
part() { echo "== $1"; }
until_true() { # SECONDS COMMAND...
  local left=$(($1 * 5))
  shift
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" -lt 0 ]; then echo "not so: $*"; return 1; fi
    sleep 0.2
  done
}
property() { systemctl show keepalived -p "$1" --value; }
has_address() { ip -o addr show dev eth0 | grep -q '10\.1\.0\.100/'; }
has_table() { ipvsadm -Ln | grep -q '10\.1\.0\.3:80'; }
logged() { journalctl -u keepalived --no-pager -o cat | grep -q "$1"; }
restarted() { [ "$(property NRestarts)" -ge "$1" ] && [ "$(property SubState)" = running ]; }
other() { grep -c "$1" /run/other.log; }

ip netns add other
ip link add eth0 type veth peer name eth0 netns other
ip addr add 10.1.0.1/24 dev eth0
ip link set eth0 up
ip -n other addr add 10.1.0.2/24 dev eth0
ip -n other link set eth0 up
ip -n other link set lo up
sed 's/priority 255/priority 100/; /notify/d; /virtual_server/,$d' /etc/keepalived/keepalived.conf >/run/other.conf
ip netns exec other /reference -n -l -P -f /run/other.conf -p /run/other.pid -r /run/other-vrrp.pid >/run/other.log 2>&1 &
until_true 60 grep -q 'Entering BACKUP' /run/other.log

part start
systemctl start keepalived && echo started
echo "status: $(property StatusText)"
until_true 60 has_address && echo address
until_true 60 has_table && echo table
until_true 60 test -s /tmp/told && cat /tmp/told

part reload
systemctl reload keepalived && echo reloaded
until_true 60 logged 'Reload finished' && echo finished

part restart
ip -o monitor address >/run/addresses.log &
monitor=$!
(while :; do has_table || echo empty; sleep 0.1; done) >/run/empty.log &
sampler=$!
before=$(property MainPID)
rm /tmp/told
systemctl restart keepalived && echo restarted
[ "$(property MainPID)" != "$before" ] && echo another process
until_true 60 logged 'Going on with what the last run left' && echo handed over
# The new process has sent an advert when a reload of it is over.
systemctl reload keepalived
until_true 60 sh -c 'journalctl -u keepalived --no-pager -o cat | tac | sed "/Starting Watchkeeper/q" | grep -q "Reload finished"' && echo and reloaded
kill $monitor $sampler
echo "addresses gone: $(grep -c Deleted /run/addresses.log)"
echo "table empty: $(grep -c empty /run/empty.log)"
echo "other director: $(other 'Entering MASTER')"
[ -e /tmp/told ] || echo nobody is told
has_address && echo address

part crash
systemctl kill --signal=KILL --kill-who=main keepalived
until_true 120 restarted 1 && echo started again
until_true 60 has_address && echo address

part watchdog
mkdir -p /run/systemd/system/keepalived.service.d
printf '[Service]\nWatchdogSec=8\n' >/run/systemd/system/keepalived.service.d/quick.conf
systemctl daemon-reload
systemctl restart keepalived
until_true 60 test -s /run/vrrp.pid
before=$(property MainPID)
kill -STOP "$(cat /run/vrrp.pid)"
until_true 120 restarted 1 && [ "$(property MainPID)" != "$before" ] && echo started again
until_true 60 has_address && echo address

part stop
systemctl stop keepalived && echo stopped
has_address || echo no address
has_table || echo no table
until_true 60 grep -q 'Entering MASTER' /run/other.log && echo the other director is master
echo "result: $(property Result)"
until_true 5 sh -c '! pgrep -f "[/]usr/lib/watchkeeper/"' && echo no process

part log
journalctl -u keepalived --no-pager -o short-monotonic
part end
