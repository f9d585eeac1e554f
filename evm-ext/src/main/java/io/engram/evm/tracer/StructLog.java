package io.engram.evm.tracer;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.apache.tuweni.units.bigints.UInt256;

/**
 * One executed instruction, with the state before it: the data of EIP-3155 and of debug_traceTransaction.
 *
 * @param gas left before the instruction
 * @param gasCost what it took, gas handed to a call (but not to a creation) included; for an instruction that failed,
 *     its fixed price
 * @param depth 1 for the outermost frame
 * @param stack bottom first; empty when not asked for
 * @param memory empty when not asked for
 * @param memorySize bytes in use
 * @param returnData of the last call; empty when not asked for
 * @param refund the refund counter
 * @param storage for SLOAD and SSTORE, all slots of the account that the transaction read or wrote so far and their
 *     values, when asked for
 * @param error why it failed
 */
public record StructLog(
        int pc,
        int opcode,
        String mnemonic,
        long gas,
        long gasCost,
        int depth,
        List<UInt256> stack,
        Bytes memory,
        int memorySize,
        Bytes returnData,
        long refund,
        Optional<Map<UInt256, UInt256>> storage,
        Optional<String> error) {}
