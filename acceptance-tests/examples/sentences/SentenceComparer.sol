// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Inference} from "engram/Inference.sol";

/// How near two sentences are in meaning, by a sentence transformer that every validator runs.
contract SentenceComparer {
    /// Cosines are integers: this is 1.
    int256 public constant ONE = 1_000_000;

    /// A model whose output is one vector of int8, the embedding of a sentence.
    bytes32 public immutable modelId;

    event Compared(address indexed sender, bytes32 indexed first, bytes32 indexed second, int256 similarity);

    constructor(bytes32 model) {
        modelId = model;
    }

    /// The cosine of the two embeddings in millionths, rounded towards zero. `first` and `second` are each one sample of
    /// the model: the numbers of the tokens as int16 big-endian, then the mask, then the token types, one byte each.
    function compare(bytes calldata first, bytes calldata second) external returns (int256 similarity) {
        similarity = cosine(Inference.infer(modelId, first), Inference.infer(modelId, second));
        emit Compared(msg.sender, keccak256(first), keccak256(second), similarity);
    }

    function cosine(bytes memory a, bytes memory b) private pure returns (int256) {
        int256 product;
        int256 left;
        int256 right;
        // At most 2^14 for each element: no sum of a model's output leaves 256 bits.
        unchecked {
            for (uint256 i = 0; i < a.length; i++) {
                int256 x = int8(uint8(a[i]));
                int256 y = int8(uint8(b[i]));
                product += x * y;
                left += x * x;
                right += y * y;
            }
        }
        uint256 lengths = squareRoot(uint256(left * right));
        return lengths == 0 ? int256(0) : product * ONE / int256(lengths);
    }

    /// The largest number whose square is at most x: Newton's method from above.
    function squareRoot(uint256 x) private pure returns (uint256 root) {
        root = x;
        uint256 next = x / 2 + x % 2;
        while (next < root) {
            root = next;
            next = (x / next + next) / 2;
        }
    }
}
