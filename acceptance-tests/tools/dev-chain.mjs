// viem on a running dev node, as the first of its accounts.
import { createPublicClient, createWalletClient, defineChain, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

export { decodeEventLog } from 'viem';

const SECONDS = 1_000;

export function connect(url) {
  const chain = defineChain({ id: 1337, name: 'engram dev', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [url] } } });
  const transport = http(url, { timeout: 60 * SECONDS });
  const account = mnemonicToAccount('test test test test test test test test test test test junk');
  return {
    account,
    client: createPublicClient({ chain, transport, pollingInterval: 50 }),
    wallet: createWalletClient({ account, chain, transport }),
  };
}
