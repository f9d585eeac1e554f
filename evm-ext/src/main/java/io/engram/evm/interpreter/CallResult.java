package io.engram.evm.interpreter;

import org.apache.tuweni.bytes.Bytes;

/**
 * How the outermost message call ended.
 *
 * @param halt a code of {@link Halt}
 * @param output what it returned or its revert data; nothing for a successful creation
 */
public record CallResult(int halt, long gasLeft, Bytes output) {

    public boolean succeeded() {
        return Halt.isSuccess(halt);
    }
}
