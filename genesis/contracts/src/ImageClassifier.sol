// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Inference} from "./Inference.sol";

/// Classifies images with a model of the chain and keeps the last label of every sender.
contract ImageClassifier {
    bytes32 public immutable modelId;
    mapping(address sender => uint256 label) public lastLabel;

    event Classified(address indexed sender, uint256 indexed label, bytes scores);

    constructor(bytes32 model) {
        modelId = model;
    }

    /// @param image the model's input: one sample
    function classify(bytes calldata image) external returns (uint256 label) {
        bytes memory scores = Inference.infer(modelId, image);
        label = Inference.argmax(scores);
        lastLabel[msg.sender] = label;
        emit Classified(msg.sender, label, scores);
    }
}
