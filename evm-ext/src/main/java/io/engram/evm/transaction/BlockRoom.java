package io.engram.evm.transaction;

/**
 * What a block has left for further transactions.
 *
 * @param gas gas limit less gas used
 * @param blobGas highest blob gas of the block less that used
 */
public record BlockRoom(long gas, long blobGas) {

    public static final BlockRoom UNLIMITED = new BlockRoom(Long.MAX_VALUE, Long.MAX_VALUE);
}
