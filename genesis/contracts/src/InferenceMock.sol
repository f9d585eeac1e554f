// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

import {Inference} from "./Inference.sol";

interface RpcCheats {
    function rpc(string calldata method, string calldata params) external returns (bytes memory);
    function toString(bytes calldata value) external pure returns (string memory);
    function etch(address target, bytes calldata code) external;
    function allowCheatcodes(address account) external;
}

/// For tools that execute locally (forge test --fork-url, forge script) and do not know the inference opcodes: stands at
/// the gateway's address and forwards every call to the node. One line in setUp: `InferenceMocking.install();`. INFERARRAY
/// reads the caller's storage and therefore cannot be forwarded.
contract InferenceMock {
    RpcCheats private constant VM = RpcCheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    fallback(bytes calldata call) external returns (bytes memory) {
        return VM.rpc(
            "eth_call",
            string.concat(
                '[{"to":"0x00000000000000000000000000000000000a1000","data":"', VM.toString(call), '"},"latest"]'
            )
        );
    }
}

library InferenceMocking {
    RpcCheats private constant VM = RpcCheats(address(uint160(uint256(keccak256("hevm cheat code")))));

    function install() internal {
        VM.etch(Inference.GATEWAY, type(InferenceMock).runtimeCode);
        VM.allowCheatcodes(Inference.GATEWAY);
    }
}
