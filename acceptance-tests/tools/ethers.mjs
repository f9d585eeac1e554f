// Real ethers against a running dev node: deploy, call, send, read events and receipts.
//   node ethers.mjs --rpc=URL --contracts=DIR --libraries=DIR --images=IDX
import { ContractFactory, HDNodeWallet, JsonRpcProvider } from 'ethers';
import { check, idx, need, rpc, toInput } from './arguments.mjs';
import { compile } from './solidity.mjs';

const url = need('rpc');
const provider = new JsonRpcProvider(url, undefined, { polling: true, pollingInterval: 50, cacheTimeout: -1 });
const wallet = HDNodeWallet.fromPhrase('test test test test test test test test test test test junk', undefined, "m/44'/60'/0'/0/1").connect(provider);
const { ImageClassifier } = compile(need('contracts'), need('libraries'), ['engram/ImageClassifier.sol']);
const [{ modelId }] = await rpc(url, 'model_list');

check((await provider.getNetwork()).chainId === 1337n, 'chain id');
const contract = await new ContractFactory(ImageClassifier.abi, ImageClassifier.bytecode, wallet).deploy(modelId);
await contract.waitForDeployment();
const input = toInput(idx(need('images'))[0]);
const label = await contract.classify.staticCall(input);
const receipt = await (await contract.classify(input)).wait();
check(receipt.status === 1, `classified in block ${receipt.blockNumber}`);
const events = await contract.queryFilter('Classified', receipt.blockNumber, receipt.blockNumber);
check(events.length === 1 && events[0].args.label === label, `event label ${label}`);
check((await contract.lastLabel(wallet.address)) === label, 'stored label');
try {
  await contract.classify.staticCall('0x00');
  check(false, 'a wrong input reverts');
} catch (e) {
  check(e.code === 'CALL_EXCEPTION', 'a wrong input reverts with CALL_EXCEPTION and data');
}
provider.destroy();
console.log('ethers: all passed');
