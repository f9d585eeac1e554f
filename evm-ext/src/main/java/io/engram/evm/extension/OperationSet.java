package io.engram.evm.extension;

import java.util.List;

/**
 * Operations that another module adds to the EVM. The set claims opcode numbers that the active fork leaves free; a
 * clash is refused when the opcode table is built.
 *
 * <p>Each of its operations is a basic block of its own in every interpreter tier (protocol C1), so it always sees exact
 * gas.
 */
public interface OperationSet {

    /** Distinguishes opcode tables in the decoded-code cache; two sets with equal ids behave alike. */
    String id();

    List<ExtensionOperation> operations();

    /** Starts the per-transaction part of the set, before any frame of the transaction runs. */
    TransactionExtension begin(TransactionScope scope);
}
