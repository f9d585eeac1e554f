// Real viem against a running dev node: deploys the Solidity classifier, classifies images by transactions, reads
// events, and checks what a contract sees when an inference cannot be done.
//   node viem.mjs --rpc=URL --contracts=DIR --libraries=DIR --images=IDX --labels=IDX [--count=20]
import { parseEther } from 'viem';
import { check, idx, need, options, rpc, toInput } from './arguments.mjs';
import { connect, decodeEventLog } from './dev-chain.mjs';
import { compile } from './solidity.mjs';

const url = need('rpc');
const { account, client, wallet } = connect(url);
const contracts = compile(need('contracts'), need('libraries'), ['engram/ImageClassifier.sol', 'FailureProbe.sol']);

const [modelId] = await rpc(url, 'model_list').then((models) => models.map((m) => m.modelId));
check(/^0x[0-9a-f]{64}$/.test(modelId), `the sample model is listed: ${modelId}`);

async function deploy(name, args) {
  const hash = await wallet.deployContract({ ...contracts[name], args });
  const receipt = await client.waitForTransactionReceipt({ hash });
  check(receipt.status === 'success' && receipt.contractAddress, `${name} deployed`);
  return { address: receipt.contractAddress, abi: contracts[name].abi };
}

const classifier = await deploy('ImageClassifier', [modelId]);
const images = idx(need('images')).slice(0, Number(options.count ?? 20));
const labels = idx(need('labels'));
let correct = 0;
for (const [i, image] of images.entries()) {
  const call = { ...classifier, functionName: 'classify', args: [toInput(image)], account };
  const { result: simulated } = await client.simulateContract(call);
  const hash = await wallet.writeContract(call);
  const receipt = await client.waitForTransactionReceipt({ hash });
  const event = decodeEventLog({ abi: classifier.abi, ...receipt.logs[0] });
  if (event.args.label !== simulated) check(false, `image ${i}: event ${event.args.label}, eth_call ${simulated}`);
  if (Number(event.args.label) === labels[i][0]) correct++;
  if (i === 0) {
    const receipts = await rpc(url, 'inference_getReceipts', ['0x' + receipt.blockNumber.toString(16)]);
    check(receipts.length === 1 && receipts[0].modelId === modelId, 'the block holds one inference receipt');
    const logs = await client.getLogs({ address: classifier.address, fromBlock: receipt.blockNumber, toBlock: receipt.blockNumber });
    check(logs.length === 1, 'eth_getLogs finds the event');
  }
}
check(correct >= Math.floor(images.length * 0.8), `${correct} of ${images.length} images classified as labelled`);
check((await client.readContract({ ...classifier, functionName: 'lastLabel', args: [account.address] })) !== undefined, 'contract storage is readable');

const probe = await deploy('FailureProbe', []);
const input = toInput(images[0]);
const read = (functionName, args, more = {}) => client.readContract({ ...probe, functionName, args, ...more });
const unknown = '0x' + '11'.repeat(32);
check((await read('attempt', [unknown, input])).toString() === 'false,1', 'an unknown model is status 0, UNKNOWN_MODEL');
check((await read('attempt', [modelId, input.slice(0, -2)])).toString() === 'false,3', 'a wrong input size is status 0, INPUT_SIZE');
check((await read('attempt', [modelId, '0x'])).toString() === 'false,3', 'an empty input is status 0, INPUT_SIZE');
check((await read('attempt', [modelId, input])).toString() === 'true,0', 'a right call succeeds');
check((await read('withGas', [modelId, input, 5000n])).toString() === 'false,0', 'too little gas is an exceptional halt');
try {
  await read('require_', [unknown, input]);
  check(false, 'infer() of an unknown model reverts');
} catch (e) {
  check(e.message.includes('InferenceFailed') || e.message.includes('0x4e7554e8'), 'infer() of an unknown model reverts with InferenceFailed');
}
const size = await read('info', [modelId, 1n]);
check(size === BigInt(images[0].length), `MODELINFO gives the input size: ${size}`);
const stored = await wallet.writeContract({ ...probe, functionName: 'store', args: [input] });
await client.waitForTransactionReceipt({ hash: stored });
const { result } = await client.simulateContract({ ...probe, functionName: 'inferStored', args: [modelId], account });
const { result: direct } = await client.simulateContract({ ...probe, functionName: 'require_', args: [modelId, input], account });
check(result === direct, 'INFERARRAY over storage gives what INFER over memory gives');

const gas = await client.estimateContractGas({ ...classifier, functionName: 'classify', args: [input], account });
check(gas > 21000n, `eth_estimateGas: ${gas}`);
const transfer = await wallet.sendTransaction({ to: '0x00000000000000000000000000000000000000aa', value: parseEther('1') });
check((await client.waitForTransactionReceipt({ hash: transfer })).status === 'success', 'a plain transfer');
check((await client.getBalance({ address: '0x00000000000000000000000000000000000000aa' })) === parseEther('1'), 'its balance');
const fees = await client.estimateFeesPerGas();
check(fees.maxFeePerGas > 0n, `fee estimate ${fees.maxFeePerGas}`);
const block = await client.getBlock({ includeTransactions: true });
check(block.transactions[0].hash === transfer, 'the latest block with its transactions');
console.log('viem: all passed');
