// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Inference} from "engram/Inference.sol";

/// What a contract sees when an inference cannot be done.
contract FailureProbe {
    bytes private stored;

    function attempt(bytes32 modelId, bytes calldata input) external view returns (bool ok, uint256 reason) {
        (ok, reason,) = Inference.tryInfer(modelId, input);
    }

    function require_(bytes32 modelId, bytes calldata input) external view returns (bytes memory) {
        return Inference.infer(modelId, input);
    }

    /// The gateway called with a gas limit: an exceptional halt there is a failed call without data here.
    function withGas(bytes32 modelId, bytes calldata input, uint256 gasLimit)
        external
        view
        returns (bool ok, uint256 dataSize)
    {
        bytes memory data;
        (ok, data) = Inference.GATEWAY.staticcall{gas: gasLimit}(
            abi.encodeWithSignature("infer(bytes32,bytes)", modelId, input)
        );
        dataSize = data.length;
    }

    function store(bytes calldata input) external {
        stored = input;
    }

    function inferStored(bytes32 modelId) external returns (bytes memory) {
        return Inference.inferStored(modelId, stored);
    }

    function info(bytes32 modelId, uint256 field) external view returns (uint256) {
        return Inference.info(modelId, field);
    }
}
