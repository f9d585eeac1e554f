// Sentences compared by a Solidity contract on a dev node that holds the model; line by line, two lines a pair.
//   node compare.mjs --rpc=URL --model=ID --tokenizer=tokenizer.json --text=pairs.txt --floats=float.npy --libraries=DIR
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { check, need } from '../../tools/arguments.mjs';
import { connect, decodeEventLog } from '../../tools/dev-chain.mjs';
import { compile } from '../../tools/solidity.mjs';
import { lines, sample, wordPiece } from './wordpiece.mjs';

const GATEWAY = '0x00000000000000000000000000000000000A1000';
const INPUT_SIZE = 1n;
const BYTES_PER_TOKEN = 4;
// What int8 embeddings may change a cosine by.
const TOLERANCE = 0.02;

const modelId = need('model');
const { client, wallet } = connect(need('rpc'));
const { SentenceComparer } = compile(fileURLToPath(new URL('.', import.meta.url)), need('libraries'), ['SentenceComparer.sol']);
const encode = wordPiece(need('tokenizer'));
const sentences = lines(need('text'));

const { contractAddress: address } = await client.waitForTransactionReceipt({
  hash: await wallet.deployContract({ ...SentenceComparer, args: [modelId] }),
});
const modelInfo = { type: 'function', name: 'modelInfo', stateMutability: 'view', inputs: [{ type: 'bytes32' }, { type: 'uint256' }], outputs: [{ type: 'uint256' }] };
const inputBytes = await client.readContract({ address: GATEWAY, abi: [modelInfo], functionName: 'modelInfo', args: [modelId, INPUT_SIZE] });
const sequence = Number(inputBytes) / BYTES_PER_TOKEN;

// Rows of float32 after the header of a .npy file of version 1.
function rows(file, count) {
  const data = readFileSync(file);
  const body = data.subarray(10 + data.readUInt16LE(8));
  const width = body.length / 4 / count;
  return Array.from({ length: count }, (_, r) => Array.from({ length: width }, (_, i) => body.readFloatLE(4 * (r * width + i))));
}

const product = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const cosine = (a, b) => product(a, b) / Math.sqrt(product(a, a) * product(b, b));
const floats = rows(need('floats'), sentences.length);
const similarities = [];
for (let i = 0; i + 1 < sentences.length; i += 2) {
  const args = sentences.slice(i, i + 2).map((text) => sample(encode(text, sequence), sequence));
  const begun = performance.now();
  const hash = await wallet.writeContract({ address, abi: SentenceComparer.abi, functionName: 'compare', args });
  const receipt = await client.waitForTransactionReceipt({ hash });
  const millis = performance.now() - begun;
  if (receipt.status !== 'success') check(false, `transaction ${hash}`);
  const event = decodeEventLog({ abi: SentenceComparer.abi, ...receipt.logs[0] });
  const onChain = Number(event.args.similarity) / 1e6;
  const float = cosine(floats[i], floats[i + 1]);
  console.log(`${sentences[i]}\n${sentences[i + 1]}\n    similarity on chain ${onChain.toFixed(4)}, float ${float.toFixed(4)}; gas ${receipt.gasUsed}, ${millis.toFixed(0)} ms\n`);
  if (Math.abs(onChain - float) > TOLERANCE) check(false, 'the similarity on chain is that of the float network');
  similarities.push(onChain);
}
check(similarities[0] > similarities.at(-1) + 0.2, 'sentences of one meaning are nearer than others');
