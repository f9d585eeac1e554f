// viem's test client, in its anvil and hardhat modes, against a running dev node.
//   node viem-test-client.mjs --rpc=URL
import { createTestClient, defineChain, http, parseEther, parseGwei, publicActions, walletActions } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { check, need, rpc } from './arguments.mjs';

const url = need('rpc');
const chain = defineChain({ id: 1337, name: 'engram dev', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [url] } } });
const account = mnemonicToAccount('test test test test test test test test test test test junk');
const word = (n) => '0x' + n.toString(16).padStart(64, '0');
const start = await rpc(url, 'evm_snapshot');

for (const [round, mode] of ['anvil', 'hardhat'].entries()) {
  const client = createTestClient({ account, chain, mode, transport: http(url), pollingInterval: 20 }).extend(publicActions).extend(walletActions);
  const ok = (condition, message) => check(condition, `${mode}: ${message}`);
  const address = (n) => '0x' + (0xa000 + 0x100 * round + n).toString(16).padStart(40, '0');
  const balance = (of) => client.getBalance({ address: of });
  const mined = async (hash) => client.waitForTransactionReceipt({ hash });

  await client.setBalance({ address: address(1), value: parseEther('5') });
  ok((await balance(address(1))) === parseEther('5'), 'setBalance');
  await client.setNonce({ address: address(1), nonce: 7 });
  ok((await client.getTransactionCount({ address: address(1) })) === 7, 'setNonce');
  await client.setCode({ address: address(2), bytecode: '0x5f545f5260205ff3' });
  await client.setStorageAt({ address: address(2), index: 0, value: word(42n) });
  ok((await client.getStorageAt({ address: address(2), slot: '0x0' })) === word(42n), 'setStorageAt');
  ok((await client.call({ to: address(2) })).data === word(42n), 'setCode: the code reads the slot');

  await client.impersonateAccount({ address: address(1) });
  let receipt = await mined(await client.sendTransaction({ account: address(1), to: address(3), value: 1n }));
  ok(receipt.status === 'success' && receipt.from === address(1), 'an impersonated account sends');
  await client.stopImpersonatingAccount({ address: address(1) });
  let refused = await client.sendTransaction({ account: address(1), to: address(3), value: 1n }).catch((e) => e);
  ok(refused instanceof Error, 'and no more when it is stopped');

  await client.setBalance({ address: address(2), value: parseEther('1') });
  await client.impersonateAccount({ address: address(2) });
  const sent = await client.sendTransaction({ account: address(2), to: address(3), value: 2n });
  receipt = await mined(sent);
  ok(receipt.status === 'success' && receipt.from === address(2), 'an impersonated contract sends');
  const trace = await rpc(url, 'debug_traceTransaction', [sent, { tracer: 'callTracer' }]);
  ok(trace.from === address(2) && trace.value === '0x2', 'its transaction can be traced');
  await client.stopImpersonatingAccount({ address: address(2) });

  let before = await client.getBlock();
  await client.mine({ blocks: 3, interval: 10 });
  let after = await client.getBlock();
  ok(after.number === before.number + 3n && after.timestamp >= before.timestamp + 20n, 'mine');
  await client.increaseTime({ seconds: 3600 });
  await client.mine({ blocks: 1 });
  before = after;
  after = await client.getBlock();
  ok(after.timestamp >= before.timestamp + 3580n, 'increaseTime');
  await client.setNextBlockTimestamp({ timestamp: after.timestamp + 500n });
  await client.mine({ blocks: 1 });
  ok((await client.getBlock()).timestamp === after.timestamp + 500n, 'setNextBlockTimestamp');

  await client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei('20') });
  receipt = await mined(await client.sendTransaction({ to: address(3), value: 1n, maxFeePerGas: parseGwei('30'), maxPriorityFeePerGas: 1n }));
  const dear = await client.getBlock({ blockNumber: receipt.blockNumber });
  ok(dear.baseFeePerGas === parseGwei('20') && receipt.effectiveGasPrice === parseGwei('20') + 1n, 'setNextBlockBaseFeePerGas');
  const set = await rpc(url, 'evm_snapshot');
  await client.setCoinbase({ address: address(9) });
  await client.mine({ blocks: 1 });
  ok((await client.getBlock()).miner === address(9), 'setCoinbase');
  await client.setCoinbase({ address: dear.miner });
  await client.revert({ id: set });

  // What Hardhat's loadFixture does: one snapshot, gone back to before each test and taken again.
  let fixture = await client.snapshot();
  const held = await balance(address(4));
  const height = await client.getBlockNumber({ cacheTime: 0 });
  for (let i = 0; i < 5; i++) {
    await mined(await client.sendTransaction({ to: address(4), value: parseEther('1') }));
    ok((await balance(address(4))) === held + parseEther('1'), `fixture ${i}: the test sees its own transfer only`);
    await client.revert({ id: fixture });
    ok((await balance(address(4))) === held && (await client.getBlockNumber({ cacheTime: 0 })) === height, `fixture ${i}: gone back`);
    fixture = await client.snapshot();
  }

  await client.setAutomine(false);
  ok((await client.getAutomine()) === false, 'getAutomine');
  const waiting = await client.sendTransaction({ to: address(5), value: 1n, gas: 21000n });
  const dropped = await client.sendTransaction({ to: address(5), value: 2n, gas: 21000n, nonce: (await client.getTransactionCount({ address: account.address })) + 1 });
  ok((await balance(address(5))) === 0n, 'setAutomine: nothing is mined');
  ok((await client.getTxpoolStatus()).pending === 2, 'both wait in the pool');
  const pool = (await client.getTxpoolContent()).pending;
  ok(Object.values(pool).some((held) => Object.values(held).some((one) => one.hash === waiting)), 'txpool_content has them');
  await client.dropTransaction({ hash: dropped });
  await client.mine({ blocks: 1 });
  ok((await balance(address(5))) === 1n, 'dropTransaction: only the other one is mined');

  await client.setIntervalMining({ interval: 1 });
  before = await client.getBlockNumber({ cacheTime: 0 });
  for (let i = 0; i < 100 && (await client.getBlockNumber({ cacheTime: 0 })) <= before; i++) await new Promise((r) => setTimeout(r, 100));
  ok((await client.getBlockNumber({ cacheTime: 0 })) > before, 'setIntervalMining');
  await client.setIntervalMining({ interval: 0 });
  await client.setAutomine(true);
  await client.setBlockGasLimit({ gasLimit: 40_000_000n });
  await client.mine({ blocks: 1 });
  ok((await client.getBlock()).gasLimit === 40_000_000n, 'setBlockGasLimit');
  await client.setBlockGasLimit({ gasLimit: 60_000_000n });
}
await rpc(url, 'evm_revert', [start]);
console.log('viem test client: all passed');
