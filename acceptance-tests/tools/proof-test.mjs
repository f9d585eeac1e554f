// Reads the answer of inference_getProof on standard input and writes a forge test of InferenceProof.sol over it.
import { readFileSync } from 'node:fs';

const proof = JSON.parse(readFileSync(0, 'utf8'));
const bytes = (data) => `hex"${data.slice(2)}"`;
const siblings = (path, target) =>
  [`${target} = new bytes32[](${path.length});`, ...path.map((hash, i) => `${target}[${i}] = ${hash};`)].join('\n        ');
const path = (leaf, target) =>
  `${target}.index = ${Number(leaf.index)};\n        ${target}.size = ${Number(leaf.size)};\n        ${siblings(leaf.path, `${target}.siblings`)}`;
const chunk = proof.chunks.at(-1);

if (chunk?.side !== 'output') throw new Error('ask for a chunk of an output, last');

console.log(`// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import {InferenceProof} from "engram/InferenceProof.sol";

/// External, so that a revert can be caught.
contract Checker {
    function step(
        bytes32 root, bytes memory receipt, InferenceProof.Path memory inBlock,
        bytes memory leaf, InferenceProof.Path memory inInference
    ) external pure returns (InferenceProof.Receipt memory, InferenceProof.Step memory) {
        return InferenceProof.checkStep(root, receipt, inBlock, leaf, inInference);
    }

    function chunk(
        bytes32 root, InferenceProof.TensorShape memory shape, uint256 number, bytes memory data, bytes32[] memory siblings
    ) external pure {
        InferenceProof.checkChunk(root, shape, number, data, siblings);
    }
}

contract InferenceProofTest {
    Checker private immutable checker = new Checker();

    struct Given {
        bytes32 root;
        bytes receipt;
        InferenceProof.Path inBlock;
        bytes leaf;
        InferenceProof.Path inInference;
    }

    struct GivenChunk {
        bytes32 root;
        InferenceProof.TensorShape shape;
        bytes data;
        bytes32[] siblings;
    }

    function given() private pure returns (Given memory g) {
        g.root = ${proof.inferenceRoot};
        g.receipt = ${bytes(proof.receipt.data)};
        ${path(proof.receipt, 'g.inBlock')}
        g.leaf = ${bytes(proof.step.data)};
        ${path(proof.step, 'g.inInference')}
    }

    function givenChunk() private view returns (GivenChunk memory g) {
        Given memory s = given();
        (, InferenceProof.Step memory step) = checker.step(s.root, s.receipt, s.inBlock, s.leaf, s.inInference);
        g.root = step.outputRoots[${Number(chunk.position)}];
        g.shape.elementType = ${Number(chunk.typeCode)};
        g.shape.dimensions = new uint32[](${chunk.shape.length});
        ${chunk.shape.map((d, i) => `g.shape.dimensions[${i}] = ${Number(d)};`).join('\n        ')}
        g.data = ${bytes(chunk.data)};
        ${siblings(chunk.path, 'g.siblings')}
    }

    function testStep() public view {
        Given memory g = given();
        (InferenceProof.Receipt memory receipt, InferenceProof.Step memory step) =
            checker.step(g.root, g.receipt, g.inBlock, g.leaf, g.inInference);
        require(receipt.stepsRoot == ${proof.stepsRoot}, "steps root");
        require(step.modelId == receipt.modelId && step.index == g.inInference.index, "step");
        require(step.inputRoots.length > 0 && step.outputRoots.length == 1, "tensors");
    }

    function testChunk() public view {
        GivenChunk memory g = givenChunk();
        checker.chunk(g.root, g.shape, ${Number(chunk.chunk)}, g.data, g.siblings);
    }

    function testOutputRoot() public pure {
        bytes32[] memory one = new bytes32[](1);
        one[0] = bytes32(uint256(7));
        require(InferenceProof.valuesRoot(one) == sha256(abi.encodePacked(bytes16("engram.values"), uint64(1),
            sha256(abi.encodePacked(uint8(0), one[0])))), "values");
    }

    function testFuzz_aFlippedByteOfAStepIsRefused(uint8 part, uint256 place, uint8 mask) public view {
        Given memory g = given();
        bytes1 flip = bytes1(mask == 0 ? 1 : mask);
        if (part % 6 == 0) g.root ^= bytes32(flip) >> (8 * (place % 32));
        else if (part % 6 == 1) g.receipt[place % g.receipt.length] ^= flip;
        else if (part % 6 == 2) g.leaf[place % g.leaf.length] ^= flip;
        else if (part % 6 == 3) g.inInference.siblings[place % g.inInference.siblings.length] ^= bytes32(flip);
        else if (part % 6 == 4) g.inInference.index ^= uint8(flip);
        else g.inBlock.size ^= uint8(flip);
        try checker.step(g.root, g.receipt, g.inBlock, g.leaf, g.inInference) {
            revert("accepted");
        } catch {}
    }

    function testFuzz_aFlippedByteOfAChunkIsRefused(uint8 part, uint256 place, uint8 mask) public view {
        GivenChunk memory g = givenChunk();
        bytes1 flip = bytes1(mask == 0 ? 1 : mask);
        uint256 number = ${Number(chunk.chunk)};
        if (part % 5 == 0) g.root ^= bytes32(flip) >> (8 * (place % 32));
        else if (part % 5 == 1) g.data[place % g.data.length] ^= flip;
        else if (part % 5 == 2) g.shape.dimensions[place % g.shape.dimensions.length] ^= uint8(flip);
        else if (part % 5 == 3) number ^= uint8(flip);
        else g.shape.elementType ^= uint8(flip);
        try checker.chunk(g.root, g.shape, number, g.data, g.siblings) {
            revert("accepted");
        } catch {}
    }
}`);
