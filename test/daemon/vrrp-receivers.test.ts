import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bufferBytes } from '../../src/daemon/vrrp-receivers.ts';
import { address, instance } from '../vrrp/configuration.ts';

/** What keepalived 2.2.7 was seen to ask of the kernel for each instance (SO_RCVBUF). */

const two = { virtualIpaddress: [address('10.9.0.9'), address('10.9.0.11')] };

describe('vrrp_rx_bufs_policy', () => {
  for (const [name, change, buffers, expected] of [
    ['none', {}, { multiplier: 3 }, undefined],
    ['MTU', {}, { policy: 'MTU', multiplier: 3 }, 4500],
    ['ADVERT', two, { policy: 'ADVERT', multiplier: 3 }, 132],
    ['ADVERT of version 3', { ...two, version: 3 }, { policy: 'ADVERT', multiplier: 7 }, 252],
    ['a number is not multiplied', {}, { policy: 50_000, multiplier: 7 }, 50_000],
    ["the instance's own kernel_rx_buf_size", { kernelRxBufSize: 3000 }, { policy: 'MTU', multiplier: 7 }, 3000],
  ] as const) {
    test(name, () => {
      assert.equal(bufferBytes(instance('A', change), buffers, 1500), expected);
    });
  }
});
