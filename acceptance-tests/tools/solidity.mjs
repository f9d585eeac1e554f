// Compiles the project's Solidity with stock solc: name -> { abi, bytecode }.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import solc from 'solc';

export function compile(contractsDir, librariesDir, files) {
  const read = (path) => ({ content: readFileSync(path, 'utf8') });
  const sources = Object.fromEntries(files.map((f) => [f, read(f.startsWith('engram/') ? join(librariesDir, f.slice(7)) : join(contractsDir, f))]));
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  };
  const imports = (path) => {
    try {
      return { contents: readFileSync(join(librariesDir, path.replace(/^engram\//, '')), 'utf8') };
    } catch (e) {
      return { error: String(e) };
    }
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imports }));
  const errors = (output.errors ?? []).filter((e) => e.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((e) => e.formattedMessage).join('\n'));
  const result = {};
  for (const file of Object.values(output.contracts)) {
    for (const [name, contract] of Object.entries(file)) {
      result[name] = { abi: contract.abi, bytecode: '0x' + contract.evm.bytecode.object };
    }
  }
  return result;
}
