// Two sentences compared by a Solidity contract on a running dev node that holds the model.
//   node compare.mjs --rpc=URL --model=ID --tokenizer=tokenizer.json --contracts=DIR --libraries=DIR
//       [--first="A kitten naps."] [--second="The cat is sleeping."]
import { createPublicClient, createWalletClient, decodeEventLog, defineChain, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { check, need, options, rpc } from '../arguments.mjs';
import { compile } from '../solidity.mjs';
import { sample, wordPiece } from '../wordpiece.mjs';

const url = need('rpc');
const modelId = need('model');
const chain = defineChain({ id: 1337, name: 'engram dev', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [url] } } });
const account = mnemonicToAccount('test test test test test test test test test test test junk');
const client = createPublicClient({ chain, transport: http(url, { timeout: 120_000 }), pollingInterval: 50 });
const wallet = createWalletClient({ account, chain, transport: http(url, { timeout: 120_000 }) });
const { SentenceComparer } = compile(need('contracts'), need('libraries'), ['SentenceComparer.sol']);
const encode = wordPiece(need('tokenizer'));

const { contractAddress: address } = await client.waitForTransactionReceipt({
  hash: await wallet.deployContract({ ...SentenceComparer, args: [modelId] }),
});
const gateway = [{ type: 'function', name: 'modelInfo', stateMutability: 'view', inputs: [{ type: 'bytes32' }, { type: 'uint256' }], outputs: [{ type: 'uint256' }] }];
const inputBytes = await client.readContract({ address: '0x00000000000000000000000000000000000A1000', abi: gateway, functionName: 'modelInfo', args: [modelId, 1n] });
const sequence = Number(inputBytes) / 4;
const call = (text) => sample(encode(text, sequence), sequence);

async function compare(first, second) {
  const hash = await wallet.writeContract({ address, abi: SentenceComparer.abi, functionName: 'compare', args: [call(first), call(second)] });
  const receipt = await client.waitForTransactionReceipt({ hash });
  check(receipt.status === 'success', `"${first}" and "${second}"`);
  const event = decodeEventLog({ abi: SentenceComparer.abi, ...receipt.logs[0] });
  console.log(`    similarity ${(Number(event.args.similarity) / 1e6).toFixed(4)}, gas ${receipt.gasUsed}`);
  return event.args.similarity;
}

if (options.first) {
  await compare(options.first, need('second'));
} else {
  const close = await compare('The cat is sleeping on the warm windowsill.', 'A kitten naps in the sun by the window.');
  const far = await compare('The cat is sleeping on the warm windowsill.', 'The central bank raised interest rates.');
  check(close > far + 200_000n, 'sentences of one meaning are nearer than others');
}
