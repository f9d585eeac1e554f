// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Inference} from "engram/Inference.sol";

/// Compares two sentences by their embeddings, computed on chain.
contract SentenceComparer {
    event Compared(address indexed sender, int256 similarity);

    bytes32 public immutable modelId;

    constructor(bytes32 model) {
        modelId = model;
    }

    /// Cosine of the two embeddings in parts of a million. `first` and `second` are each one sample of the model: token
    /// numbers as int16 big-endian, then the mask, then the token types, one byte each.
    function compare(bytes calldata first, bytes calldata second) external returns (int256 similarity) {
        bytes memory both = Inference.infer(modelId, bytes.concat(first, second));
        uint256 width = both.length / 2;
        int256 product;
        int256 left;
        int256 right;
        unchecked {
            for (uint256 i = 0; i < width; i++) {
                int256 a = int8(uint8(both[i]));
                int256 b = int8(uint8(both[width + i]));
                product += a * b;
                left += a * a;
                right += b * b;
            }
        }
        similarity = product * 1_000_000 / int256(root(uint256(left * right)));
        emit Compared(msg.sender, similarity);
    }

    /// The largest number whose square is at most x; 1 for 0.
    function root(uint256 x) private pure returns (uint256 y) {
        if (x == 0) return 1;
        y = x;
        uint256 next = (x + 1) / 2;
        while (next < y) {
            y = next;
            next = (x / next + next) / 2;
        }
    }
}
