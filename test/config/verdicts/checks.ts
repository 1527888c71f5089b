import { check, fromLines, type VerdictCase } from './case.ts';

const tcp = `
0 connect_ip 10.0.0.9
2 connect_ip
2 connect_port
5 connect_port 0
0 bindto 10.0.0.5
5 bindto fd00::1
5 bind_port 0
5 bind_port 70000
0 bind_port 5
0 bind_if eth0
0 bind_if eth9
5 bind_if a1234567890123456
2 bind_if
5 connect_timeout 5000
2 connect_timeout
0 fwmark 5
5 fwmark x
2 fwmark
5 retry -1
5 retry x
0 retry 0
2 retry
5 delay_before_retry -1
0 delay_before_retry 0
5 warmup x
0 warmup 0
5 delay_loop 0
5 delay_loop x
5 alpha x
0 alpha off
5 log_all_failures x
0 log_all_failures
`;

const misc = `
5 
5 misc_path
0 misc_path "/nowhere/x" ; misc_timeout 5
5 misc_path "/nowhere/x" ; misc_timeout x
2 misc_path "/nowhere/x" ; misc_timeout
5 misc_path "/nowhere/x" ; misc_timeout 5000
0 misc_path "/nowhere/x" ; misc_timeout 0
0 misc_path "/nowhere/x" ; misc_dynamic
5 misc_path "/nowhere/x" ; user
5 misc_path "/nowhere/x" ; user nobody9
0 misc_path "/nowhere/x" ; user root
0 misc_path "/nowhere/x" ; user root root
5 misc_path "/nowhere/x" ; retry x
5 misc_path "/nowhere/x" ; connect_port 5
0 misc_path "/nowhere/x" ; misc_path "/nowhere/y"
0 misc_path "/nowhere/x" root
0 misc_path "/nowhere/x" nobody9
5 misc_path "/nowhere/x" ; warmup x
5 misc_path ""
`;

const smtp = `
0 
5 helo_name
0 helo_name a b
0 connect_port 2525
0 host { ; connect_ip 10.0.0.9 ; connect_port 25 ; }
0 host { ; }
0 host { ; } ; host { ; connect_port 26 ; }
5 host { ; connect_port x ; }
5 host { ; helo_name a ; }
5 host
0 connect_port 25 ; host { ; connect_port 26 ; }
0 host { ; connect_timeout 3 ; retry 3 ; }
5 host { ; bindto fd00::1 ; }
0 host { ; connect_ip fd00::2 ; }
0 retry 5 ; host { ; }
5 host { ; connect_ip x ; }
5 connect_ip x
0 helo_name a ; helo_name b
`;

const dns = `
0 
2 type
0 type A
0 type a
0 type AAAA
5 type DS
2 name
0 name example.org
0 name example.org.
0 name .
0 name ""
5 name a..b
0 name -x
0 name a_b.org
0 name aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.org
0 connect_port 5353
0 type A ; type NS
0 name a b
0 retry 0
5 type ANY
5 type PTR
5 type SRV
`;

const udp = `
0 
5 payload
0 payload 0
5 payload xx
0 payload "00 fe"
0 payload 00 fe
0 payload ff 0 1
5 payload fe 0 g
5 payload 0x00
0 require_reply
0 require_reply 0
0 require_reply 0x
0 require_reply xXXx
5 require_reply zz
0 require_reply 00 fe
0 require_reply "0 x"
0 min_reply_length 5
2 min_reply_length
5 min_reply_length 70000
5 min_reply_length x
0 max_reply_length 5
0 max_reply_length 0
5 min_reply_length 9 ; max_reply_length 3
5 max_reply_length 70000
0 require_reply 00112233 ; max_reply_length 2
0 require_reply 00 ; min_reply_length 5
0 require_reply 00 ; require_reply 01
0 payload 00 ; payload 01
5 payload hello
0 payload f0
0 payload 0f
0 payload a0
0 payload 0a
0 payload F0
0 payload 000
5 payload g0
5 payload 0g
0 payload 68656c6c6f
0 payload 9a
0 payload ab
0 require_reply f0
0 require_reply 0f
0 require_reply xf
0 require_reply x
`;

const file = `
5 
2 track_file
5 track_file f
5 track_file f ; weight 5
5 alpha
5 weight
5 track_file f ; weight x
5 track_file f ; weight 3000000000
5 track_file f ; weight 5 reverse
5 track_file f ; weight 5 foo
`;

const http = `
0 url { ; path / ; regex abc ; }
0 url { ; path / ; regex "a b" ; }
0 url { ; path / ; regex "(" ; }
0 url { ; path / ; regex abc ; regex def ; }
0 url { ; path / ; regex_no_match ; }
0 url { ; path / ; regex abc ; regex_no_match ; }
0 url { ; path / ; regex abc ; regex_options caseless ; }
0 url { ; path / ; regex_options caseless ; }
0 url { ; path / ; regex abc ; regex_options ; }
0 url { ; path / ; regex abc ; regex_options foo ; }
0 url { ; path / ; regex abc ; regex_options caseless multiline dotall ; }
0 url { ; path / ; regex abc ; regex_min_offset 5 ; }
0 url { ; path / ; regex_min_offset 5 ; }
0 url { ; path / ; regex abc ; regex_min_offset x ; }
0 url { ; path / ; regex abc ; regex_min_offset ; }
0 url { ; path / ; regex abc ; regex_max_offset ; }
0 url { ; path / ; regex abc ; regex_min_offset 9 ; regex_max_offset 3 ; }
0 url { ; path / ; regex abc ; regex_max_offset 0 ; }
0 url { ; path / ; regex abc ; regex_stack 1 2 ; }
0 url { ; path / ; regex_stack 1 2 ; }
0 url { ; path / ; regex abc ; regex_stack ; }
0 url { ; path / ; regex abc ; regex_stack 1 ; }
0 url { ; path / ; regex abc ; regex_stack 5 2 ; }
0 url { ; path / ; regex abc ; regex_stack x 2 ; }
0 url { ; path / ; status_code ; }
5 url { ; path / ; status_code 200-100 ; }
5 url { ; path / ; status_code 200 x ; }
5 url { ; path / ; status_code 200- ; }
5 url { ; path / ; status_code 600 ; }
0 url { ; path / ; status_code 200 ; status_code 201 ; }
5 url { ; path / ; virtualhost ; }
0 url { ; path / ; virtualhost a b ; }
2 url { ; path / ; path ; }
0 url { ; path / ; path a ; }
0 url { ; path / ; path "/a b" ; }
2 url { ; path / ; digest ; }
0 url { ; path / ; digest 640205b7b0fc66c1ea91c463fac6334d ; status_code 200 ; }
0 url { ; path / ; regex abc ; regex_options firstline ; }
0 url { ; path / ; regex abc ; regex_options utf ; }
0 url { ; path / ; regex abc ; regex_options anchored ; }
0 url { ; path / ; regex abc ; regex_options endanchored ; }
0 url { ; path / ; regex abc ; regex_options extended_more ; }
0 url { ; path / ; regex abc ; regex_options literal ; }
0 url { ; path / ; regex abc ; regex_options match_invalid_utf ; }
0 url { ; path / ;  ; } ; enable_sni
5 url { ; path / ;  ; } ; enable_sni x
5 url { ; path / ;  ; } ; sni_name a
0 url { ; path / ;  ; } ; fast_recovery
5 url { ; path / ;  ; } ; fast_recovery x
5 url { ; path / ;  ; } ; tls_compliant
5 url { ; path / ;  ; } ; virtualhost
5 url { ; path / ;  ; } ; http_protocol
0 url { ; path / ;  ; } ; http_protocol 1.0c
0 url { ; path / ;  ; } ; http_protocol 1.1
5 url { ; path / ;  ; } ; retry x
2 url { ; path / ;  ; } ; nb_get_retry
0 url { ; path / ;  ; } ; url { ; path /b ; }
5 url { ; path / ;  ; } ; url { ; }
0 url { ; path / ;  ; } ; virtualhost a b
`;

const ssl = `
0 # watchkeeper: tls_verify on ; url { # watchkeeper ; path / ;  ; } ; !watchkeeper: tls_ca_file "/etc/ssl/a b.pem"
0 url { ; path / ;  ; } ; enable_sni
5 url { ; path / ;  ; } ; enable_sni x
5 url { ; path / ;  ; } ; sni_name a
0 url { ; path / ;  ; } ; fast_recovery
5 url { ; path / ;  ; } ; fast_recovery x
5 url { ; path / ;  ; } ; tls_compliant
5 url { ; path / ;  ; } ; virtualhost
5 url { ; path / ;  ; } ; http_protocol
0 url { ; path / ;  ; } ; http_protocol 1.0c
0 url { ; path / ;  ; } ; http_protocol 1.1
5 url { ; path / ;  ; } ; retry x
2 url { ; path / ;  ; } ; nb_get_retry
0 url { ; path / ;  ; } ; url { ; path /b ; }
5 url { ; path / ;  ; } ; url { ; }
0 url { ; path / ;  ; } ; virtualhost a b
`;

/** Single lines of checks. */
export const checkVerdicts: readonly VerdictCase[] = [
  ...fromLines('in a TCP_CHECK', tcp, (line) => check('TCP_CHECK', line)),
  ...fromLines('in a MISC_CHECK', misc, (line) => check('MISC_CHECK', line)),
  ...fromLines('in a SMTP_CHECK', smtp, (line) => check('SMTP_CHECK', line)),
  ...fromLines('in a DNS_CHECK', dns, (line) => check('DNS_CHECK', line)),
  ...fromLines('in a UDP_CHECK', udp, (line) => check('UDP_CHECK', line)),
  ...fromLines('in a FILE_CHECK', file, (line) => check('FILE_CHECK', line)),
  ...fromLines('in a HTTP_GET', http, (line) => check('HTTP_GET', line)),
  ...fromLines('in an SSL_GET', ssl, (line) => check('SSL_GET', line)),
];
