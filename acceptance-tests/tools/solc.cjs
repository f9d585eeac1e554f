const solc = require('solc');
if (process.argv.includes('--version')) {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('.Emscripten.clang', '.Linux.g++')}`);
} else {
  let input = '';
  process.stdin.on('data', (d) => (input += d)).on('end', () => process.stdout.write(solc.compile(input)));
}
