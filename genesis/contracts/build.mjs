// Compiles the predeploys, the demo contract and the measurements' token into the resources that the Java code reads:
//   npm ci && npm run build
// A test fails when a source changed and this was not run (contracts.sha256 holds the sources' digests).
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import solc from 'solc';

const here = dirname(fileURLToPath(import.meta.url));
const sourceDir = join(here, 'src');
const systemDir = join(here, '../src/main/resources/io/engram/genesis/system');
const demoDir = join(here, '../../client/src/main/resources/io/engram/client/demo');
const benchDir = join(here, '../../client/src/main/resources/io/engram/client/bench');
const optimizer = { enabled: true, runs: 10000 };

function compile(language, names, settings) {
  const sources = Object.fromEntries(names.map((n) => [n, { content: readFileSync(join(sourceDir, n), 'utf8') }]));
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language,
        sources,
        settings: { ...settings, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object', 'storageLayout'] } } },
      }),
    ),
  );
  const errors = (output.errors ?? []).filter((e) => e.severity === 'error' || (e.severity === 'warning' && !/verbatim/.test(e.message)));
  if (errors.length > 0) {
    console.error(errors.map((e) => e.formattedMessage).join('\n'));
    process.exit(1);
  }
  return output.contracts;
}

const solidity = readdirSync(sourceDir).filter((n) => n.endsWith('.sol')).sort();
const yul = readdirSync(sourceDir).filter((n) => n.endsWith('.yul')).sort();
const contracts = compile('Solidity', solidity, {
  optimizer,
  evmVersion: 'paris',
  viaIR: true,
  metadata: { bytecodeHash: 'none', appendCBOR: false },
});
const gateway = compile('Yul', yul, { optimizer: { enabled: true, details: { yul: true } }, evmVersion: 'paris' })['InferenceGateway.yul'].InferenceGateway;
const registry = contracts['ModelRegistry.sol'].ModelRegistry;
const classifier = contracts['ImageClassifier.sol'].ImageClassifier;

mkdirSync(systemDir, { recursive: true });
mkdirSync(demoDir, { recursive: true });
mkdirSync(benchDir, { recursive: true });
// The Yul object's init code copies its runtime part out: the runtime is what follows the 0xfe that solc puts between them.
const runtime = gateway.evm.deployedBytecode?.object || gateway.evm.bytecode.object.slice(gateway.evm.bytecode.object.indexOf('fe') + 2);
writeFileSync(join(systemDir, 'gateway.hex'), runtime + '\n');
writeFileSync(join(systemDir, 'registry.hex'), registry.evm.deployedBytecode.object + '\n');
writeFileSync(join(systemDir, 'registry-layout.json'), JSON.stringify(registry.storageLayout.storage.map(({ label, slot, offset, type }) => ({ label, slot, offset, type })), null, 2) + '\n');
writeFileSync(join(systemDir, 'registry-abi.json'), JSON.stringify(registry.abi, null, 2) + '\n');
writeFileSync(join(demoDir, 'image-classifier.hex'), classifier.evm.bytecode.object + '\n');
writeFileSync(join(demoDir, 'image-classifier-abi.json'), JSON.stringify(classifier.abi, null, 2) + '\n');
writeFileSync(join(benchDir, 'token.hex'), contracts['Token.sol'].Token.evm.bytecode.object + '\n');
const digests = [...solidity, ...yul].map((n) => `${createHash('sha256').update(readFileSync(join(sourceDir, n))).digest('hex')}  ${n}`);
writeFileSync(join(systemDir, 'contracts.sha256'), digests.join('\n') + '\n');
console.log(`gateway ${runtime.length / 2} bytes, registry ${registry.evm.deployedBytecode.object.length / 2} bytes, classifier ${classifier.evm.bytecode.object.length / 2} bytes`);
