// ethereumjs, which shares no code with this node, finds it by discovery v4, shakes hands with it, agrees on fork id and
// genesis, and reads headers and bodies over eth/68.
import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common';
import { DPT, ETH, EthMessageCodes, RLPx } from '@ethereumjs/devp2p';
import { RLP } from '@ethereumjs/rlp';
import { bytesToBigInt, bytesToHex, bytesToInt, hexToBytes, intToBytes } from '@ethereumjs/util';
import { keccak256 } from 'ethereum-cryptography/keccak.js';
import { randomBytes } from 'node:crypto';
import { check, need, rpc } from './arguments.mjs';

const url = need('rpc');
const info = await rpc(url, 'admin_nodeInfo');
const genesis = await rpc(url, 'eth_getBlockByNumber', ['0x0', false]);
const tip = await rpc(url, 'eth_getBlockByNumber', ['0x3', false]);

const forks = ['chainstart', 'homestead', 'tangerineWhistle', 'spuriousDragon', 'byzantium', 'constantinople', 'petersburg',
  'istanbul', 'berlin', 'london'].map((name) => ({ name, block: 0 }))
  .concat(['shanghai', 'cancun'].map((name) => ({ name, block: null, timestamp: 0 })));
const common = createCustomCommon({ chainId: info.protocols.eth.network, name: 'engram', hardforks: forks }, Mainnet, {
  hardfork: Hardfork.Cancun,
});
common.setForkHashes(hexToBytes(genesis.hash));

const [, id, port] = info.enode.match(/^enode:\/\/([0-9a-f]{128})@[^:]+:(\d+)/);
const node = { address: '127.0.0.1', udpPort: Number(port), tcpPort: Number(port), id: hexToBytes('0x' + id) };
const key = randomBytes(32);

const limit = (what, promise) =>
  Promise.race([promise, new Promise((_, no) => setTimeout(() => no(new Error(`${what}: no answer in 15 s`)), 15_000))]);

const dpt = new DPT(key, { endpoint: { address: '127.0.0.1', udpPort: null, tcpPort: null }, common });
await limit('bind', new Promise((yes) => {
  dpt.events.once('listening', yes);
  dpt.bind(0, '127.0.0.1');
}));
const found = await limit('discovery v4', dpt.addPeer({ address: '127.0.0.1', udpPort: Number(port), tcpPort: Number(port) }));
check(bytesToHex(found.id) === '0x' + id, 'discovery v4: the node answers a ping with its identity');

const rlpx = new RLPx(key, { maxPeers: 1, capabilities: [ETH.eth68], common, listenPort: null });
rlpx.events.on('error', (error) => check(false, error.message));
const eth = await limit('handshake', new Promise((yes, no) => {
  rlpx.events.once('peer:added', (peer) => yes(peer.getProtocols()[0]));
  rlpx.events.once('peer:removed', (peer, reason) => no(new Error('disconnected: ' + reason)));
  rlpx.events.on('peer:error', (peer, error) => no(error));
  rlpx.connect(node).catch(no);
}));
check(true, 'RLPx: handshake and Hello');

const status = await limit('status', new Promise((yes) => {
  eth.events.once('status', yes);
  eth.sendStatus({ td: intToBytes(1), bestHash: hexToBytes(genesis.hash), genesisHash: hexToBytes(genesis.hash) });
}));
check(bytesToHex(status.genesisHash) === genesis.hash, 'eth/68: genesis agrees');
check(bytesToHex(status.forkId[0]) === common.forkHash(Hardfork.Cancun), 'eth/68: fork id as ethereumjs computes it');

const ask = (code, request, answer) =>
  limit('request ' + code, new Promise((yes) => {
    eth.events.on('message', (got, payload) => {
      if (got === answer) yes(payload);
    });
    eth.sendMessage(code, request);
  }));

const [headersId, headers] = await ask(
  EthMessageCodes.GET_BLOCK_HEADERS, [intToBytes(7), [intToBytes(0), intToBytes(4), new Uint8Array(), new Uint8Array()]],
  EthMessageCodes.BLOCK_HEADERS);
check(bytesToInt(headersId) === 7, 'headers carry the id of their request');
check(headers.length === 4, 'four headers');
check(bytesToHex(keccak256(RLP.encode(headers[0]))) === genesis.hash, 'the first is genesis, whose hash is that of its bytes');
check(headers.every((header, i) => Number(bytesToBigInt(header[8])) === i), 'their numbers ascend');

const [, bodies] = await ask(
  EthMessageCodes.GET_BLOCK_BODIES, [intToBytes(8), [hexToBytes(genesis.hash), hexToBytes(tip.hash)]],
  EthMessageCodes.BLOCK_BODIES);
check(bodies.length === 2, 'two bodies');

dpt.destroy();
rlpx.destroy();
process.exit(0);
