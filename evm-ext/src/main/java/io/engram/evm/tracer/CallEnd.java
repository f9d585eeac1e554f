package io.engram.evm.tracer;

import org.apache.tuweni.bytes.Bytes;

/**
 * The end of a message call.
 *
 * @param halt a code of {@link io.engram.evm.interpreter.Halt}
 * @param output what it returned, the revert data, or the deployed code
 */
public record CallEnd(int depth, int halt, long gasUsed, Bytes output) {}
