package io.engram.evm.tracer;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import io.engram.genesis.block.Log;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * One message call and the calls it made: the data of geth's callTracer.
 *
 * @param type the opcode's mnemonic; for the outermost call CALL or CREATE
 * @param value absent for STATICCALL, which cannot send any
 * @param gas given to the call, a stipend included; for the outermost call without the transaction's intrinsic gas
 * @param output absent when the call returned nothing
 * @param error absent when it succeeded
 * @param revertReason the text of Solidity's Error(string), when it reverted with one
 * @param logs emitted by this call itself, when asked for; none when it or a call around it failed
 */
public record CallTrace(
        String type,
        Address from,
        Address to,
        Optional<Wei> value,
        long gas,
        long gasUsed,
        Bytes input,
        Optional<Bytes> output,
        Optional<String> error,
        Optional<String> revertReason,
        List<CallTrace> calls,
        List<CallLog> logs) {

    /** @param position how many calls this call had made before it emitted the log */
    public record CallLog(Log log, int position) {}
}
