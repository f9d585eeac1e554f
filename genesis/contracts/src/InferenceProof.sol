// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Checks, on any EVM chain, that a step of an inference belongs to a block's inference root, and bytes of a tensor to that
/// step. The arguments are what inference_getProof gives; the formats are those of docs/inference-spec.md, section 7.
/// Where the inference root comes from is the caller's matter: it is as good as whoever says that it is in a sealed header.
library InferenceProof {
    /// A leaf's place in its tree.
    struct Path {
        uint256 index;
        uint256 size;
        bytes32[] siblings;
    }

    struct Receipt {
        uint32 transactionIndex;
        uint32 sequence;
        bytes32 modelId;
        bytes32 inputRoot;
        bytes32 outputRoot;
        bytes32 stepsRoot;
        uint64 gas;
        address author;
        uint256 credit;
    }

    struct Step {
        bytes32 modelId;
        uint32 index;
        uint32 operatorCode;
        bytes32 attributeHash;
        bytes32[] inputRoots;
        bytes32[] outputRoots;
    }

    /// Element type (1 int8, 2 int16, 3 int32) and dimensions of a tensor.
    struct TensorShape {
        uint8 elementType;
        uint32[] dimensions;
    }

    uint256 internal constant CHUNK = 4096;
    uint256 private constant MAX_RANK = 6;
    uint256 private constant MAX_ELEMENTS = 1 << 29;
    uint256 private constant RECEIPT_SIZE = 196;
    uint256 private constant STEP_HEAD = 88;

    bytes16 private constant TENSOR_TAG = "engram.tensor";
    bytes16 private constant VALUES_TAG = "engram.values";
    bytes16 private constant STEP_TAG = "engram.step";
    bytes16 private constant STEPS_TAG = "engram.steps";
    bytes16 private constant RECEIPTS_TAG = "engram.receipts";

    error MalformedPath();
    error MalformedReceipt();
    error MalformedStep();
    error MalformedTensor();
    error NotInBlock(bytes32 expected, bytes32 found);
    error NotInInference(bytes32 expected, bytes32 found);
    error StepOfAnotherModel();
    error NotInTensor(bytes32 expected, bytes32 found);

    /// The receipt and the step, once both are shown to belong to the inference root; reverts otherwise.
    function checkStep(
        bytes32 inferenceRoot,
        bytes memory receiptData,
        Path memory receiptPath,
        bytes memory stepData,
        Path memory stepPath
    ) internal pure returns (Receipt memory receipt, Step memory step) {
        receipt = checkReceipt(inferenceRoot, receiptData, receiptPath);
        step = decodeStep(stepData);
        bytes32 found = root(STEPS_TAG, stepPath.size, top(leafHash(stepData), stepPath));
        if (found != receipt.stepsRoot) revert NotInInference(receipt.stepsRoot, found);
        if (step.modelId != receipt.modelId || step.index != stepPath.index) revert StepOfAnotherModel();
    }

    /// The receipt, once it is shown to belong to the inference root; reverts otherwise.
    function checkReceipt(bytes32 inferenceRoot, bytes memory receiptData, Path memory path)
        internal
        pure
        returns (Receipt memory receipt)
    {
        receipt = decodeReceipt(receiptData);
        bytes32 found = root(RECEIPTS_TAG, path.size, top(leafHash(receiptData), path));
        if (found != inferenceRoot) revert NotInBlock(inferenceRoot, found);
    }

    /// Reverts unless `data` is that chunk of the tensor with this root.
    function checkChunk(
        bytes32 tensorRoot,
        TensorShape memory shape,
        uint256 chunk,
        bytes memory data,
        bytes32[] memory siblings
    ) internal pure {
        uint256 length = byteLength(shape);
        uint256 chunks = (length - 1) / CHUNK + 1;
        if (chunk >= chunks) revert MalformedTensor();
        uint256 rest = length - chunk * CHUNK;
        if (data.length != (rest < CHUNK ? rest : CHUNK)) revert MalformedTensor();
        bytes32 found = rootOfTensor(shape, length, top(leafHash(data), Path(chunk, chunks, siblings)));
        if (found != tensorRoot) revert NotInTensor(tensorRoot, found);
    }

    /// The root over all inputs, or all outputs, of an inference, from the roots of the tensors in graph order.
    function valuesRoot(bytes32[] memory tensorRoots) internal pure returns (bytes32) {
        uint256 count = tensorRoots.length;
        if (count == 0) revert MalformedTensor();
        bytes32[] memory level = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            level[i] = leafHash(abi.encodePacked(tensorRoots[i]));
        }
        for (uint256 left = count; left > 1; left = (left + 1) / 2) {
            for (uint256 i = 0; i < left / 2; i++) {
                level[i] = node(level[2 * i], level[2 * i + 1]);
            }
            if (left % 2 == 1) level[left / 2] = level[left - 1];
        }
        return root(VALUES_TAG, count, level[0]);
    }

    function decodeReceipt(bytes memory data) internal pure returns (Receipt memory receipt) {
        if (data.length != RECEIPT_SIZE) revert MalformedReceipt();
        receipt.transactionIndex = uint32(number(data, 0, 4));
        receipt.sequence = uint32(number(data, 4, 4));
        receipt.modelId = word(data, 8);
        receipt.inputRoot = word(data, 40);
        receipt.outputRoot = word(data, 72);
        receipt.stepsRoot = word(data, 104);
        receipt.gas = uint64(number(data, 136, 8));
        receipt.author = address(uint160(number(data, 144, 20)));
        receipt.credit = uint256(word(data, 164));
    }

    function decodeStep(bytes memory data) internal pure returns (Step memory step) {
        if (data.length < STEP_HEAD + 8 || bytes16(word(data, 0)) != STEP_TAG) revert MalformedStep();
        step.modelId = word(data, 16);
        step.index = uint32(number(data, 48, 4));
        step.operatorCode = uint32(number(data, 52, 4));
        step.attributeHash = word(data, 56);
        uint256 offset;
        (step.inputRoots, offset) = roots(data, STEP_HEAD);
        (step.outputRoots, offset) = roots(data, offset);
        if (offset != data.length) revert MalformedStep();
    }

    function roots(bytes memory data, uint256 offset) private pure returns (bytes32[] memory list, uint256 end) {
        if (offset + 4 > data.length) revert MalformedStep();
        uint256 count = number(data, offset, 4);
        end = offset + 4 + 32 * count;
        if (end > data.length) revert MalformedStep();
        list = new bytes32[](count);
        for (uint256 i = 0; i < count; i++) {
            list[i] = word(data, offset + 4 + 32 * i);
        }
    }

    /// The top of the tree that has this leaf there (RFC 9162, 2.1.3.2).
    function top(bytes32 leaf, Path memory path) private pure returns (bytes32 hash) {
        if (path.index >= path.size || path.size > type(uint32).max) revert MalformedPath();
        uint256 position = path.index;
        uint256 last = path.size - 1;
        hash = leaf;
        for (uint256 i = 0; i < path.siblings.length; i++) {
            if (last == 0) revert MalformedPath();
            if (position % 2 == 1 || position == last) {
                hash = node(path.siblings[i], hash);
                while (position % 2 == 0) {
                    position /= 2;
                    last /= 2;
                }
            } else {
                hash = node(hash, path.siblings[i]);
            }
            position /= 2;
            last /= 2;
        }
        if (last != 0) revert MalformedPath();
    }

    function byteLength(TensorShape memory shape) private pure returns (uint256) {
        uint256 rank = shape.dimensions.length;
        if (rank == 0 || rank > MAX_RANK || shape.elementType == 0 || shape.elementType > 3) revert MalformedTensor();
        uint256 elements = 1;
        for (uint256 i = 0; i < rank; i++) {
            elements *= shape.dimensions[i];
            if (elements == 0 || elements > MAX_ELEMENTS) revert MalformedTensor();
        }
        return elements << (shape.elementType - 1);
    }

    function rootOfTensor(TensorShape memory shape, uint256 length, bytes32 treeTop) private pure returns (bytes32) {
        bytes memory header = abi.encodePacked(TENSOR_TAG, shape.elementType, uint8(shape.dimensions.length));
        for (uint256 i = 0; i < shape.dimensions.length; i++) {
            header = abi.encodePacked(header, shape.dimensions[i]);
        }
        return sha256(abi.encodePacked(header, uint64(length), treeTop));
    }

    function root(bytes16 tag, uint256 count, bytes32 treeTop) private pure returns (bytes32) {
        return sha256(abi.encodePacked(tag, uint64(count), treeTop));
    }

    function leafHash(bytes memory data) private pure returns (bytes32) {
        return sha256(abi.encodePacked(uint8(0), data));
    }

    function node(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(uint8(1), left, right));
    }

    /// Callers have checked that the bytes are there.
    function number(bytes memory data, uint256 offset, uint256 size) private pure returns (uint256) {
        return uint256(word(data, offset)) >> (256 - 8 * size);
    }

    function word(bytes memory data, uint256 offset) private pure returns (bytes32 value) {
        assembly {
            value := mload(add(add(data, 0x20), offset))
        }
    }
}
