// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Calls neural networks from Solidity. Every validator recomputes the result before the block is final.
library Inference {
    /// The inference gateway, a predeploy of every Engram chain.
    address internal constant GATEWAY = 0x00000000000000000000000000000000000A1000;

    uint256 internal constant UNKNOWN_MODEL = 1;
    uint256 internal constant INACTIVE_MODEL = 2;
    uint256 internal constant INPUT_SIZE = 3;
    uint256 internal constant INPUT_RANGE = 4;
    uint256 internal constant MALFORMED_SLOT = 5;
    uint256 internal constant SYSTEM_CALL = 6;

    uint256 internal constant FIELD_STATUS = 0;
    uint256 internal constant FIELD_INPUT_SIZE = 1;
    uint256 internal constant FIELD_OUTPUT_SIZE = 2;
    uint256 internal constant FIELD_GAS = 3;
    uint256 internal constant FIELD_COLD_GAS = 4;
    uint256 internal constant FIELD_MAX_BATCH = 5;

    /// The gateway reverts with this when the chain can tell why a call failed; reasons are the constants above.
    error InferenceFailed(uint256 reason);

    /// Runs the model on `input` (one sample, or several one after another) and returns its output; reverts
    /// InferenceFailed(reason) when the model is unknown or inactive or the input does not fit.
    function infer(bytes32 modelId, bytes memory input) internal view returns (bytes memory output) {
        return abi.decode(read(abi.encodeWithSignature("infer(bytes32,bytes)", modelId, input)), (bytes));
    }

    /// As `infer`, but a failure is a value.
    function tryInfer(bytes32 modelId, bytes memory input)
        internal
        view
        returns (bool ok, uint256 reason, bytes memory output)
    {
        return abi.decode(
            read(abi.encodeWithSignature("tryInfer(bytes32,bytes)", modelId, input)), (bool, uint256, bytes)
        );
    }

    /// Runs the model on a `bytes` value in this contract's storage, which the chain reads at the price of SLOAD.
    function inferStored(bytes32 modelId, bytes storage input) internal returns (bytes memory output) {
        uint256 slot;
        assembly {
            slot := input.slot
        }
        (bool ok, bytes memory data) =
            GATEWAY.delegatecall(abi.encodeWithSignature("inferArray(bytes32,uint256)", modelId, slot));
        if (!ok) bubble(data);
        return abi.decode(data, (bytes));
    }

    /// A fact about a model; fields are the FIELD_ constants and those of docs/inference-spec.md.
    function info(bytes32 modelId, uint256 field) internal view returns (uint256) {
        return abi.decode(read(abi.encodeWithSignature("modelInfo(bytes32,uint256)", modelId, field)), (uint256));
    }

    /// Position of the largest int8 in `scores`; the first of equals.
    function argmax(bytes memory scores) internal pure returns (uint256 best) {
        int8 top = type(int8).min;
        for (uint256 i = 0; i < scores.length; i++) {
            int8 score = int8(uint8(scores[i]));
            if (score > top) {
                top = score;
                best = i;
            }
        }
    }

    function read(bytes memory call) private view returns (bytes memory data) {
        bool ok;
        (ok, data) = GATEWAY.staticcall(call);
        if (!ok) bubble(data);
    }

    function bubble(bytes memory data) private pure {
        assembly {
            revert(add(data, 0x20), mload(data))
        }
    }
}
