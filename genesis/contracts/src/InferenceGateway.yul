// The inference gateway: reaches the opcodes INFER, INFERARRAY and MODELINFO for contracts that stock Solidity compiled.
// It holds no state and has no SSTORE, CALL or SELFDESTRUCT, so that the array entry is safe to DELEGATECALL (protocol G1).
//
//   infer(bytes32 modelId, bytes input)            -> (bytes output)                      reverts InferenceFailed(reason)
//   tryInfer(bytes32 modelId, bytes input)         -> (bool ok, uint256 reason, bytes output)
//   inferArray(bytes32 modelId, uint256 slot)      -> (bytes output)                      by DELEGATECALL: reads the caller's storage
//   tryInferArray(bytes32 modelId, uint256 slot)   -> (bool ok, uint256 reason, bytes output)
//   modelInfo(bytes32 modelId, uint256 field)      -> (uint256 value)
object "InferenceGateway" {
    code {
        datacopy(0, dataoffset("runtime"), datasize("runtime"))
        return(0, datasize("runtime"))
    }
    object "runtime" {
        code {
            if callvalue() { revert(0, 0) }
            if lt(calldatasize(), 0x44) { revert(0, 0) }
            let modelId := calldataload(0x04)
            let argument := calldataload(0x24)

            switch shr(224, calldataload(0))
            case 0x54616cd8 /* infer(bytes32,bytes) */ {
                let size := copyInput(argument)
                finish(verbatim_5i_1o(hex"c0", modelId, 0, size, 0, 0))
            }
            case 0x22ac1826 /* tryInfer(bytes32,bytes) */ {
                let size := copyInput(argument)
                finishTry(verbatim_5i_1o(hex"c0", modelId, 0, size, 0, 0))
            }
            case 0x0ee2f0d8 /* inferArray(bytes32,uint256) */ {
                finish(verbatim_4i_1o(hex"c1", modelId, argument, 0, 0))
            }
            case 0xeca6ca0e /* tryInferArray(bytes32,uint256) */ {
                finishTry(verbatim_4i_1o(hex"c1", modelId, argument, 0, 0))
            }
            case 0x97946fad /* modelInfo(bytes32,uint256) */ {
                mstore(0, verbatim_2i_1o(hex"c2", modelId, argument))
                return(0, 0x20)
            }
            default { revert(0, 0) }

            // Copies a `bytes` argument to memory 0 and gives its size; malformed calldata reverts.
            function copyInput(offset) -> size {
                if gt(offset, 0xffffffff) { revert(0, 0) }
                let head := add(offset, 0x04)
                if gt(add(head, 0x20), calldatasize()) { revert(0, 0) }
                size := calldataload(head)
                if gt(size, sub(calldatasize(), add(head, 0x20))) { revert(0, 0) }
                calldatacopy(0, add(head, 0x20), size)
            }

            // Writes the return data as an ABI `bytes` tail at `position` (length, data, zero padding) and gives its end.
            function putBytes(position) -> end {
                let size := returndatasize()
                mstore(position, size)
                end := add(add(position, 0x20), and(add(size, 0x1f), not(0x1f)))
                mstore(sub(end, 0x20), 0)
                mstore(position, size)
                returndatacopy(add(position, 0x20), 0, size)
            }

            function finish(status) {
                if iszero(status) {
                    // InferenceFailed(uint256 reason); the reason code is the return data.
                    mstore(0, shl(224, 0x4e7554e8))
                    returndatacopy(0x04, 0, 0x20)
                    revert(0, 0x24)
                }
                mstore(0, 0x20)
                return(0, putBytes(0x20))
            }

            function finishTry(status) {
                mstore(0, status)
                mstore(0x40, 0x60)
                switch status
                case 0 {
                    returndatacopy(0x20, 0, 0x20)
                    mstore(0x60, 0)
                    return(0, 0x80)
                }
                default {
                    mstore(0x20, 0)
                    return(0, putBytes(0x60))
                }
            }
        }
    }
}
