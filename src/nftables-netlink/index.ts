export { NftablesClient, type TransactionError } from './client.ts';
export {
  vrrpTableChanges,
  vrrpTableRemoval,
  noTables,
  type BlockedAddress,
  type HeldTables,
  type VmacPair,
  type VrrpTableContent,
  type VrrpTableOptions,
} from './vrrp-table.ts';
