package io.engram.evm.tracer;

import io.engram.genesis.Address;
import io.engram.genesis.Wei;
import org.apache.tuweni.bytes.Bytes;

/**
 * The start of a message call.
 *
 * @param depth 0 for the transaction's own
 * @param kind the opcode that makes such calls; CALL or CREATE for the transaction's own
 * @param from the account that makes the call
 * @param to the account called, whose code runs, or the account to be created
 * @param input call data or init code
 */
public record CallStart(int depth, int kind, Address from, Address to, Wei value, long gas, Bytes input) {}
