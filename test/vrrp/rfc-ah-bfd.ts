import { chapter, elsewhere, notOurs } from './requirements.ts';

/** What the RFCs of the authentication header and of BFD ask for, held by the tests of these. */

const ahTest = 'test/vrrp/authentication-header.test.ts';
const bfdPackets = 'test/bfd/packet.test.ts';
const bfdSessions = 'test/bfd/engine.test.ts';
const udpSender = 'test/platform/udp-sender.test.ts';

/** RFC 2402 as version 2 of VRRP uses it (RFC 2338 section 5.3.6.3). */
export function authenticationHeaderRequirements(): void {
  chapter('auth_type AH: RFC 2402, with HMAC-MD5-96 of RFC 2403');
  const shows = (section: string, text: string, how: string, name: string): void => {
    elsewhere(section, text, how, ahTest, name);
  };
  const bytes = 'to the group, first and second advert';
  shows('2.1 to 2.3', 'next header 112, payload length in words of 32 bits less 2, reserved bits zero', 'yes', bytes);
  shows(
    '2.4',
    'the security parameters index says which key it is',
    "yes: it is the sender's address",
    "another's index",
  );
  shows('2.5, 3.3.2', 'the first advert has number 1, and each one more', 'yes', bytes);
  shows('2.5, 3.3.2', 'the number never begins again', 'yes', 'the last one is not followed by the first');
  shows(
    '3.3.3.1',
    'what routers change counts as zero',
    'yes',
    'one sequence number for all, and the TTL is not covered',
  );
  shows(
    '3.3.3.1',
    'the TTL too',
    '**no**: that of multicast is in the sum, as keepalived has it',
    'a changed TTL: multicast is not routed',
  );
  shows('3.4.3', 'a number that was used is discarded, and logged', 'yes', 'the same number again');
  shows('3.4.3', 'a window of at least 32 numbers that may come late', '**no**: none may', 'a lower number');
  shows(
    '3.4.3',
    'a number counts as used only when the check value is right',
    'yes',
    'a forged high number does not put the counter forward',
  );
  shows('3.4.4', 'a wrong check value is discarded, and logged', 'yes', 'another password');
}

/** RFC 5880 and, for one hop over UDP, RFC 5881. */
export function bfdRequirements(): void {
  chapter('bfd_instance: RFC 5880 and RFC 5881');
  const discards: readonly (readonly [string, string, string])[] = [
    ['another version', bfdPackets, 'version 0'],
    [
      'a length field below 24, or below 26 with authentication',
      bfdPackets,
      'length field below 26 with authentication',
    ],
    ['a length field beyond the packet', bfdPackets, 'length field beyond the packet'],
    ['a detection multiplier of 0', bfdPackets, 'detection multiplier 0'],
    ['the multipoint bit', bfdPackets, 'multipoint bit'],
    ['no discriminator of its own', bfdPackets, 'no discriminator of its own'],
    ['a discriminator that no session here has', bfdSessions, 'for a session that is not there'],
    ['the discriminator of a session with somebody else', bfdSessions, 'for the session of another neighbour'],
    ['no discriminator of ours, and neither Down nor AdminDown', bfdPackets, 'no discriminator of ours while Up'],
    ['authentication, where the session has none', bfdSessions, 'with authentication'],
  ];
  for (const [text, file, name] of discards) elsewhere('6.8.6', `discarded: a packet with ${text}`, 'yes', file, name);
  const shows = (section: string, text: string, name: string): void => {
    elsewhere(section, text, 'yes', bfdSessions, name);
  };
  shows(
    '6.2, 6.8.6',
    'states: three ways, and down when the neighbour says that it is',
    'the neighbour is Down as well: Init, then Up when it is Init',
  );
  shows('6.5, 6.8.6', 'a poll is answered at once, and a final ends ours', 'one is answered at once');
  shows('6.8.1', 'the discriminator of a neighbour that was silent is forgotten', 'it may be another one now');
  shows('6.8.3', 'while it is not up, packets go once a second at most', 'a packet goes once a second at most');
  shows('6.8.3', 'new timers of a session that is up count when they are agreed on', 'the slower ones count when they');
  shows(
    '6.8.4',
    'down when the neighbour was silent for a detection time',
    'down after its multiplier times the slower',
  );
  shows(
    '6.8.7',
    'never more often than the neighbour wants, and none where it wants none',
    'none are sent to a neighbour',
  );
  shows(
    '6.8.7',
    'each interval is shorter by 0 to 25 %, with multiplier 1 by 10 to 25 %',
    'jitter takes up to a quarter',
  );
  shows('6.8.7', 'a passive end waits for the first packet', 'passive waits for the first packet');
  shows('6.8.16', 'the end is told to the neighbour', 'at the end the neighbour is told');
  shows('5881 5', 'discarded: a packet with another TTL than 255', 'from further away than one hop');
  elsewhere('5881 4', 'all of a session from one port of 49152 to 65535', 'yes', udpSender, 'RFC 5881 section 4');
  notOurs('6.4, 6.6, 6.7', 'echo, demand mode of our own and authentication', '**no**: nor has keepalived');
}
